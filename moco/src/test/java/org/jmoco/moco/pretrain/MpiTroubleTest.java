package org.jmoco.moco.pretrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jmoco.nn.processes.mpi.Mpirun;
import org.jmoco.tensor.Device;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// What stands in the way of a run of several processes is said by one of them in one line, and ends them all.
@EnabledOnOs(OS.LINUX)
class MpiTroubleTest {
    private static final List<String> SETTINGS =
            List.of("ranks=2", "model.width=2", "data.limit=48", "schedule.steps=6", "checkpoint.every-steps=1");

    @TempDir
    private Path temp;

    private Mpirun.Result run(Mpirun mpirun, Path out, String... more) throws IOException, InterruptedException {
        Path config = Files.writeString(temp.resolve("tiny.yaml"), TinyRun.YAML);
        List<String> command = new ArrayList<>(
                List.of("org.jmoco.moco.Main", "pretrain", "--config", config.toString(), "--out", out.toString()));
        command.addAll(List.of("--threads", "1"));
        SETTINGS.forEach(s -> command.addAll(List.of("--set", s)));
        command.addAll(List.of(more));
        return mpirun.run(2, List.of(), List.of(), command.toArray(String[]::new));
    }

    private static String onlyLine(Mpirun.Result result) {
        assertEquals(1, result.code(), result.toString());
        List<String> lines = result.output().stream()
                .filter(line -> line.contains("jmoco: "))
                .toList();
        assertEquals(1, lines.size(), result.toString());
        return lines.getFirst();
    }

    @Test
    void aFolderThatCannotBeMade() throws Exception {
        Path file = Files.createFile(temp.resolve("file"));
        String line = onlyLine(run(Mpirun.MPICH, file.resolve("run")));
        assertTrue(line.startsWith("jmoco: ") && line.contains(file.toString()), line);
    }

    /// The run before had one process and another learning rate.
    @Test
    void aRunThatWasAnother() throws Exception {
        Path out = temp.resolve("run");
        try (Device device = Device.jvm(1)) {
            int[] asked = {0};
            Pretraining.run(
                    TinyRun.config(SETTINGS.toArray(String[]::new)),
                    TinyRun.into(out, device).withStop(() -> ++asked[0] == 2));
        }
        List<String> before = files(out);
        String line = onlyLine(run(Mpirun.OPEN_MPI, out, "--resume", "--set", "optimizer.lr=0.5"));
        assertTrue(line.matches("jmoco: .* is of another run: optimizer.lr was .* and is 0.5\\. .*"), line);
        assertEquals(before, files(out));
    }

    /// The disk is full in the middle of the run: the last whole checkpoint is left, and nothing half-written.
    @Test
    void aDiskThatIsFull() throws Exception {
        Path disk = Files.createDirectory(temp.resolve("disk"));
        Assumptions.assumeTrue(
                command("mount", "-t", "tmpfs", "-o", "size=700k", "tmpfs", disk.toString()) == 0,
                "needs the right to mount a small disk");
        try {
            Path out = disk.resolve("run");
            String line = onlyLine(run(Mpirun.OPEN_MPI, out));
            assertTrue(line.contains("No space left on device"), line);
            assertFalse(
                    files(out).stream().anyMatch(name -> name.matches(".*(tmp|part)")),
                    files(out).toString());
        } finally {
            command("umount", "-l", disk.toString());
        }
    }

    private static List<String> files(Path out) throws IOException {
        try (Stream<Path> all = Files.walk(out)) {
            return all.map(Path::toString).sorted().toList();
        }
    }

    private static int command(String... line) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(line).redirectErrorStream(true).start().waitFor();
        } catch (IOException e) {
            return -1; // there is no such program
        }
    }
}
