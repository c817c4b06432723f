package org.jmoco.nn.processes.mpi;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// A launcher of this machine, as Debian names those of the two MPIs side by side.
enum Mpirun {
    OPEN_MPI("mpirun.openmpi", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none"),
    MPICH("mpirun.mpich");

    private static final long PATIENCE_SECONDS = 240;

    private final List<String> command;

    Mpirun(String... command) {
        this.command = List.of(command);
    }

    /// What came of it.
    ///
    /// @param code   exit code
    /// @param output all lines but the JVM's warnings
    record Result(int code, List<String> output) {
        /// Lines of the program itself that begin with this word.
        List<String> lines(String start) {
            return output.stream().filter(l -> l.startsWith(start)).toList();
        }
    }

    /// Skips the test where the launcher is not installed.
    void needed() {
        Assumptions.assumeTrue(
                Stream.of(System.getenv("PATH").split(":", -1))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, command.getFirst()))),
                "needs the MPI launcher " + command.getFirst());
    }

    /// Runs a main class on so many processes.
    ///
    /// @param launcherOptions for the launcher   @param java flags of the JVM
    Result run(int count, List<String> launcherOptions, List<String> java, String... program)
            throws IOException, InterruptedException {
        needed();
        List<String> line = new ArrayList<>(command);
        line.addAll(launcherOptions);
        line.addAll(List.of("-n", Integer.toString(count)));
        line.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:-UsePerfData",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m"));
        line.addAll(java);
        line.addAll(
                List.of("-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
        line.addAll(List.of(program));
        Path output = Files.createTempFile("mpirun", ".txt");
        Process process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        List<ProcessHandle> left = process.descendants().toList();
        left.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        String text = Files.readString(output, StandardCharsets.UTF_8);
        Files.delete(output);
        assertTrue(ended, "hangs: " + text);
        return new Result(
                process.exitValue(),
                text.lines()
                        .filter(l -> !l.startsWith("WARNING: Using incubator"))
                        .toList());
    }
}
