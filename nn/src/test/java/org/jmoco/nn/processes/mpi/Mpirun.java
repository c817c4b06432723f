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
public enum Mpirun {
    OPEN_MPI("mpirun.openmpi", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none"),
    MPICH("mpirun.mpich");

    /// How long a program may take; `-Djmoco.mpi.patience=SECONDS` on a machine that has other work.
    public static final long PATIENCE_SECONDS = Long.getLong("jmoco.mpi.patience", 240);

    private static final List<String> JAVA_FLAGS = List.of(
            "--add-modules",
            "jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-XX:-UsePerfData",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m");

    private final List<String> command;

    Mpirun(String... command) {
        this.command = List.of(command);
    }

    /// What came of it.
    ///
    /// @param code   exit code
    /// @param output all lines but the JVM's warnings
    public record Result(int code, List<String> output) {
        /// Lines of the program itself that begin with this word.
        public List<String> lines(String start) {
            return output.stream().filter(l -> l.startsWith(start)).toList();
        }
    }

    /// A program under way.
    public static final class Running {
        private final Process process;
        private final Path output;

        private Running(Process process, Path output) {
            this.process = process;
            this.output = output;
        }

        public Process process() {
            return process;
        }

        /// What it has written so far.
        public List<String> output() throws IOException {
            return Files.readString(output, StandardCharsets.UTF_8)
                    .lines()
                    .filter(l -> !l.startsWith("WARNING: Using incubator"))
                    .toList();
        }

        /// Waits until a line that begins so has been written.
        public void await(String start) throws IOException, InterruptedException {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (output().stream().noneMatch(l -> l.startsWith(start))) {
                assertTrue(process.isAlive() && System.nanoTime() < deadline, () -> "no line " + start + ": " + told());
                process.waitFor(5, TimeUnit.MILLISECONDS);
            }
        }

        private String told() {
            try {
                return output().toString();
            } catch (IOException e) {
                return e.toString();
            }
        }

        /// Waits for its end.
        public Result result() throws IOException, InterruptedException {
            boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            process.descendants().toList().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
            Result result = new Result(process.exitValue(), output());
            Files.delete(output);
            assertTrue(ended, "hangs: " + result);
            return result;
        }
    }

    /// Skips the test where the launcher is not installed.
    public void needed() {
        Assumptions.assumeTrue(
                Stream.of(System.getenv("PATH").split(":", -1))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, command.getFirst()))),
                "needs the MPI launcher " + command.getFirst());
    }

    /// Runs a main class on so many processes.
    ///
    /// @param launcherOptions for the launcher   @param java flags of the JVM
    public Result run(int count, List<String> launcherOptions, List<String> java, String... program)
            throws IOException, InterruptedException {
        return start(List.of(), count, launcherOptions, java, program).result();
    }

    /// Starts it.
    ///
    /// @param before what comes before the launcher on the command line
    public Running start(
            List<String> before, int count, List<String> launcherOptions, List<String> java, String... program)
            throws IOException {
        needed();
        List<String> line = new ArrayList<>(before);
        line.addAll(command);
        line.addAll(launcherOptions);
        line.addAll(List.of("-n", Integer.toString(count)));
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(JAVA_FLAGS);
        line.addAll(java);
        line.addAll(
                List.of("-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
        line.addAll(List.of(program));
        Path output = Files.createTempFile("mpirun", ".txt");
        return new Running(
                new ProcessBuilder(line)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start(),
                output);
    }
}
