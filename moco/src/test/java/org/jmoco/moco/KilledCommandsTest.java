package org.jmoco.moco;

import static org.jmoco.moco.Miniatures.run;
import static org.jmoco.moco.SmallBenchmarks.assertSame;
import static org.jmoco.moco.SmallBenchmarks.metrics;
import static org.jmoco.moco.SmallBenchmarks.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jmoco.eval.result.ResultFolder;
import org.jmoco.moco.Miniatures.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Benchmarks that are killed in the middle and resumed end with the bytes of those to which nothing happened.
@DisabledOnOs(OS.WINDOWS)
class KilledCommandsTest {
    @TempDir
    private Path temp;

    private Path data;

    @BeforeEach
    void images() throws IOException {
        data = Miniatures.idx(temp.resolve("idx"), 40);
    }

    @Test
    void linear() throws Exception {
        killed(
                SmallBenchmarks.linear(data),
                out -> files(out.resolve("checkpoints")).size() > 1);
        assertResultsAreSame("heads.safetensors");
        assertEquals(metrics(temp.resolve("unbroken/metrics.jsonl")), metrics(temp.resolve("killed/metrics.jsonl")));
        assertTrue(
                ResultFolder.read(temp.resolve("killed")).confusion().isPresent(),
                "ten classes are few enough for a table");
    }

    /// Killed in the middle of the second cell: the first is not trained again, the second goes on.
    @Test
    void semi() throws Exception {
        Result resumed = killed(
                SmallBenchmarks.semi(data),
                out -> files(out.resolve("cells")).stream()
                        .filter(name -> name.contains("head10_"))
                        .anyMatch(name -> !files(out.resolve("cells/" + name + "/checkpoints"))
                                .isEmpty()));
        assertTrue(
                resumed.err().stream().noneMatch(line -> line.startsWith("resnet18_head1_") && line.contains("epoch")),
                resumed.err().toString());
        assertTrue(
                resumed.err().stream()
                        .anyMatch(line -> line.startsWith("resnet18_head10_") && line.contains("epoch 12/12")),
                resumed.err().toString());
        assertResultsAreSame("cells/best.safetensors");
        assertEquals(files(temp.resolve("unbroken/cells")), files(temp.resolve("killed/cells")));
    }

    @Test
    void evaluate() throws Exception {
        killed(SmallBenchmarks.evaluate(data), out -> lines(out.resolve("measured.tsv")) > 4);
        assertResultsAreSame("measured.tsv");
        assertFalse(Files.exists(temp.resolve("killed/unfinished")));
    }

    private void assertResultsAreSame(String... more) throws IOException {
        assertSame(temp.resolve("unbroken"), temp.resolve("killed"), more);
    }

    /// Runs a command to its end in one folder; in another one kills it when enough is done, then resumes it.
    private Result killed(List<Object> command, Predicate<Path> enough) throws Exception {
        Result unbroken = run(with(command, "--out", temp.resolve("unbroken")));
        assertEquals(0, unbroken.code(), unbroken.err().toString());
        Path out = temp.resolve("killed");
        Path errors = temp.resolve("errors.txt");
        Object[] saving = command.getFirst().equals("evaluate") ? new Object[] {} : new Object[] {"--save-every", 0};
        Process process = start(errors, with(List.of(with(command, "--out", out)), saving));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (!enough.test(out)) {
            assertTrue(
                    process.isAlive() && System.nanoTime() < deadline,
                    "the command did not come to where it is killed: " + Files.readString(errors));
            Thread.sleep(1);
        }
        process.destroyForcibly().waitFor();
        assertFalse(Files.exists(out.resolve(ResultFolder.RESULT)), "the command had ended before it was killed");
        Result resumed = run(with(command, "--resume", "--out", out));
        assertEquals(0, resumed.code(), resumed.err().toString());
        return resumed;
    }

    private static Process start(Path errors, Object... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:-UsePerfData",
                "-Xmx512m",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "org.jmoco.moco.Main"));
        Stream.of(words).map(Object::toString).forEach(command::add);
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(errors.toFile())
                .start();
    }

    private static List<String> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of(); // a file came or went meanwhile
        }
    }

    private static long lines(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file).lines().count() : 0;
        } catch (IOException e) {
            return 0;
        }
    }
}
