package org.jmoco.tensor.backend.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jmoco.tensor.TestDevices;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every kernel of the conformance suite under oclgrind, one buffer an operand: no data race, no access out of
/// bounds; and one of each that is planted is found.
class OclgrindTest {
    private static final long MINUTES = 10;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void writeSimulations() throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                TestDevices.requireSdk().backend().description().contains("OPENCL"), "needs TornadoVM's OpenCL driver");
        Assumptions.assumeTrue(run(List.of("oclgrind-kernel", "--version")) != null, "needs oclgrind");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of(
                "-Dtornado.printKernel=True",
                "-Dtornado.print.kernel.dir=" + folder.resolve("printed.cl"),
                "-cp",
                System.getProperty("java.class.path"),
                KernelReplay.class.getName(),
                folder.toString()));
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertTrue(process.waitFor(MINUTES, TimeUnit.MINUTES));
        assertEquals(0, process.exitValue(), Files.readString(log));
    }

    /// What a command prints; null if there is no such command.
    private static String run(List<String> command) throws InterruptedException, IOException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(process.waitFor(MINUTES, TimeUnit.MINUTES));
            return printed;
        } catch (IOException e) {
            if (command.contains("--version")) {
                return null;
            }
            throw e;
        }
    }

    private static String replay(Path simulation) throws InterruptedException, IOException {
        return run(List.of("oclgrind-kernel", "--data-races", "--max-errors", "1", simulation.toString()))
                .strip();
    }

    @Test
    void noKernelRacesOrLeavesItsOperands() throws Exception {
        List<Path> simulations;
        try (Stream<Path> files = Files.list(folder)) {
            simulations =
                    files.filter(f -> f.toString().endsWith(".sim")).sorted().toList();
        }
        assertTrue(simulations.size() >= 100, simulations.size() + " simulations");
        try (ExecutorService workers =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            List<Future<String>> found = new ArrayList<>();
            for (Path simulation : simulations) {
                found.add(workers.submit(() -> replay(simulation)));
            }
            for (int i = 0; i < found.size(); i++) {
                assertEquals(
                        "", found.get(i).get(), simulations.get(i).getFileName().toString());
            }
        }
    }

    /// The result of a ReLU one element too small.
    @Test
    void aPlantedAccessOutOfBoundsIsFound() throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>(Files.readAllLines(folder.resolve("elementwise.relu-0.sim")));
        int result = lines.lastIndexOf(lines.stream()
                .filter(line -> line.endsWith(" float>"))
                .reduce((a, b) -> b)
                .orElseThrow());
        int size = Integer.parseInt(lines.get(result).replaceAll("\\D", ""));
        lines.set(result, "<size=" + (size - 4) + " float>");
        lines.set(result + 1, lines.get(result + 1).replaceFirst(" \\S+$", ""));
        Path planted = Files.write(folder.resolve("planted-bounds.txt"), lines);
        assertTrue(replay(planted).startsWith("Invalid write of size 4 at global memory address"), replay(planted));
    }

    /// A reduction over a work-group without its first barrier.
    @Test
    void aPlantedRaceIsFound() throws IOException, InterruptedException {
        String source = Files.readString(folder.resolve("loss.softmaxCrossEntropy-0.cl"));
        Path kernel = Files.writeString(
                folder.resolve("planted-race.cl"), source.replaceFirst("barrier\\(CLK_LOCAL_MEM_FENCE\\);", ";"));
        List<String> lines = new ArrayList<>(Files.readAllLines(folder.resolve("loss.softmaxCrossEntropy-0.sim")));
        lines.set(0, kernel.toString());
        Path planted = Files.write(folder.resolve("planted-race.txt"), lines);
        String found = replay(planted);
        assertTrue(found.contains("data race at local memory address"), found);
    }
}
