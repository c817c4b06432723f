package org.jmoco.moco.pretrain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jmoco.nn.train.Interrupts;
import org.jmoco.nn.train.RunException;
import org.jmoco.tensor.Device;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whatever happens to a run, it ends with the bytes of the one to which nothing happened.
class InterruptedRunTest {
    private static final Device TWO = Device.jvm(2);
    private static final Device ONE = Device.jvm(1);

    @TempDir
    static Path temp;

    private static byte[] unbroken;
    private static List<String> unbrokenLosses;

    @BeforeAll
    static void runWithoutABreak() throws IOException {
        Path losses = temp.resolve("unbroken.tsv");
        unbroken = TinyRun.weights(Pretraining.run(
                TinyRun.config(), TinyRun.into(temp.resolve("unbroken"), TWO).withLosses(Optional.of(losses))));
        unbrokenLosses = Files.readAllLines(losses);
        assertEquals(TinyRun.STEPS, unbrokenLosses.size());
    }

    @AfterAll
    static void close() {
        TWO.close();
        ONE.close();
    }

    private static void assertEndsLikeTheUnbrokenOne(Path out, Path losses, PretrainResult result) throws IOException {
        assertTrue(result.finished());
        assertArrayEquals(unbroken, TinyRun.weights(result));
        assertEquals(unbrokenLosses, Files.readAllLines(losses));
        List<String> steps = Files.readAllLines(out.resolve("metrics.jsonl")).stream()
                .filter(line -> line.contains("\"loss\""))
                .map(line -> line.replaceAll("\\{\"step\":(\\d+),.*", "$1"))
                .toList();
        assertEquals(
                IntStream.rangeClosed(1, TinyRun.STEPS)
                        .mapToObj(Integer::toString)
                        .toList(),
                steps);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void anotherRunIsRefusedThenThisOneStopsByASignal() throws Exception {
        Path out = temp.resolve("asked");
        Path losses = temp.resolve("asked.tsv");
        Process process = TinyRun.start(out, losses, Optional.empty());
        TinyRun.awaitStep(process, out, 3);
        send("-STOP", process); // on a busy machine it would be over before this process has looked
        String refused = assertThrows(
                        RunException.class,
                        () -> Pretraining.run(
                                TinyRun.config(), TinyRun.into(out, TWO).withResume(true)))
                .getMessage();
        assertEquals("another run is writing to " + out + "; wait for it or choose another --out", refused);
        send(interrupt(), process);
        send("-CONT", process);
        assertEquals(Interrupts.EXIT_CODE, TinyRun.exitCode(process), TinyRun.errors(out));
        assertTrue(
                TinyRun.errors(out).matches("(?s).*stopped after step \\d+, saved; go on with --resume\\s*"),
                TinyRun.errors(out));
        assertEndsLikeTheUnbrokenOne(
                out,
                losses,
                Pretraining.run(
                        TinyRun.config(),
                        TinyRun.into(out, TWO).withResume(true).withLosses(Optional.of(losses))));
    }

    /// SIGINT, or SIGTERM where shells have it ignored, as in whatever they start in the background.
    private static String interrupt() throws IOException {
        Path status = Path.of("/proc/self/status");
        boolean ignored = Files.exists(status)
                && Files.readAllLines(status).stream()
                        .anyMatch(line -> line.startsWith("SigIgn:")
                                && (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 1 << 1) != 0);
        return ignored ? "-TERM" : "-INT";
    }

    private static void send(String signal, Process process) throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                        .start()
                        .waitFor());
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void theDiskWasFull() throws Exception {
        Path out = temp.resolve("full");
        Path losses = temp.resolve("full.tsv");
        // A checkpoint takes half a MiB: no file may become larger than 200 KiB.
        Process process = TinyRun.start(out, losses, Optional.of("ulimit -f 200"));
        assertEquals(1, TinyRun.exitCode(process));
        String last = TinyRun.errors(out).lines().reduce((a, b) -> b).orElseThrow();
        assertTrue(
                last.startsWith("jmoco: cannot write " + out.resolve("checkpoints/step-00000007.safetensors"))
                        && last.contains("File too large"),
                TinyRun.errors(out));
        assertEquals(List.of(), files(out.resolve("checkpoints")));
        assertEndsLikeTheUnbrokenOne(
                out,
                losses,
                Pretraining.run(
                        TinyRun.config(),
                        TinyRun.into(out, TWO).withResume(true).withLosses(Optional.of(losses))));
    }

    /// A run that was stopped after 18 steps, with checkpoints of steps 14 and 18.
    private static Path stopped(String name, Path losses) {
        Path out = temp.resolve(name);
        int[] asked = {0};
        assertFalse(Pretraining.run(
                        TinyRun.config(),
                        TinyRun.into(out, TWO).withLosses(Optional.of(losses)).withStop(() -> ++asked[0] > 17))
                .finished());
        return out;
    }

    @ParameterizedTest
    @CsvSource({"-Xmx20m,Java heap space", "-XX:MaxDirectMemorySize=100k,direct buffer memory"})
    void outOfMemory(String limit, String reason) throws Exception {
        Path losses = temp.resolve("memory" + reason.length() + ".tsv");
        Path out = stopped("memory" + reason.length(), losses);
        List<Path> before = files(out.resolve("checkpoints"));
        Process process =
                TinyRun.start(TinyRun.YAML, List.of("-XX:+UseSerialGC", limit), out, losses, List.of("--threads", "1"));
        assertEquals(1, TinyRun.exitCode(process), TinyRun.errors(out));
        String last = TinyRun.errors(out).lines().reduce((a, b) -> b).orElseThrow();
        assertTrue(
                last.matches("jmoco: out of memory \\(.*" + reason
                        + ".*\\); a smaller batch .*JMOCO_JAVA_OPTS=-Xmx.*--resume.*"),
                TinyRun.errors(out));
        assertEquals(before, files(out.resolve("checkpoints")));
        assertEndsLikeTheUnbrokenOne(
                out,
                losses,
                Pretraining.run(
                        TinyRun.config(),
                        TinyRun.into(out, TWO).withResume(true).withLosses(Optional.of(losses))));
    }

    /// Backwards by decades for what is newest, forwards for what is oldest.
    @Test
    void theClockJumps() throws IOException {
        Path losses = temp.resolve("clock.tsv");
        Path out = stopped("clock", losses);
        List<Path> checkpoints = files(out.resolve("checkpoints"));
        assertTrue(checkpoints.size() > 1, checkpoints.toString());
        Files.setLastModifiedTime(checkpoints.getFirst(), FileTime.from(Instant.parse("2099-01-01T00:00:00Z")));
        Files.setLastModifiedTime(checkpoints.getLast(), FileTime.from(Instant.EPOCH));
        Files.setLastModifiedTime(out.resolve("metrics.jsonl"), FileTime.from(Instant.EPOCH));
        Pretraining.run(
                TinyRun.config(),
                TinyRun.into(out, TWO)
                        .withResume(true)
                        .withLosses(Optional.of(losses))
                        .withStop(() -> true));
        assertTrue(
                Files.exists(out.resolve("checkpoints/step-00000019.safetensors")),
                "it did not go on from step 18: " + files(out.resolve("checkpoints")));
        assertEndsLikeTheUnbrokenOne(
                out,
                losses,
                Pretraining.run(
                        TinyRun.config(),
                        TinyRun.into(out, TWO).withResume(true).withLosses(Optional.of(losses))));
    }

    /// Where nobody may write, the system's administrator included.
    @Test
    @EnabledOnOs(OS.LINUX)
    void theOutputIsReadOnly() {
        String message = assertThrows(
                        RunException.class,
                        () -> Pretraining.run(TinyRun.config(), TinyRun.into(Path.of("/proc/jmoco"), TWO)))
                .getMessage();
        assertTrue(
                message.startsWith("the run's folder /proc/jmoco cannot be written: ")
                        && message.endsWith("; choose another --out")
                        && message.lines().count() == 1,
                message);
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    @Test
    void oneThread() throws IOException {
        Path losses = temp.resolve("one.tsv");
        assertEndsLikeTheUnbrokenOne(
                temp.resolve("one"),
                losses,
                Pretraining.run(
                        TinyRun.config(), TinyRun.into(temp.resolve("one"), ONE).withLosses(Optional.of(losses))));
    }

    @Test
    void itsNewestCheckpointIsDamagedAndDeleted() throws IOException {
        Path out = temp.resolve("damaged");
        Path losses = temp.resolve("damaged.tsv");
        int[] asked = {0};
        PretrainResult stopped = Pretraining.run(
                TinyRun.config(),
                TinyRun.into(out, TWO).withLosses(Optional.of(losses)).withStop(() -> ++asked[0] > 17));
        assertFalse(stopped.finished());
        Path newest = out.resolve("checkpoints").resolve(String.format("step-%08d.safetensors", stopped.steps()));
        byte[] whole = Files.readAllBytes(newest);
        Files.write(newest, Arrays.copyOf(whole, whole.length / 2));
        String message = assertThrows(
                        RunException.class,
                        () -> Pretraining.run(
                                TinyRun.config(), TinyRun.into(out, TWO).withResume(true)))
                .getMessage();
        assertTrue(
                message.contains(newest + " is damaged")
                        && message.contains("delete it to go on from step-00000014.safetensors"),
                message);
        Files.delete(newest);
        assertEndsLikeTheUnbrokenOne(
                out,
                losses,
                Pretraining.run(
                        TinyRun.config(),
                        TinyRun.into(out, TWO).withResume(true).withLosses(Optional.of(losses))));
    }
}
