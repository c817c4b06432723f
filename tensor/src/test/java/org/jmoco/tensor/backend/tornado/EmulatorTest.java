package org.jmoco.tensor.backend.tornado;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jmoco.tensor.TestDevices;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// What `tornado-config/emulator` finds: kernels with planted faults, each in a process of its own, since a device on
/// which a kernel has failed stays failed.
class EmulatorTest {
    private static final int N = Grid.GROUP;

    @BeforeEach
    void requireTheEmulator() {
        Assumptions.assumeTrue(
                TestDevices.requireSdk().backend().description().contains("CUDA NVIDIA emulated"),
                "needs the emulator of tornado-config/emulator");
    }

    /// Every thread writes its number to local memory and, behind a barrier, reads that of its opposite.
    static void faultless(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        float[] local = c.allocateFloatLocalArray(256);
        int t = c.localIdx;
        local[t] = t;
        c.localBarrier();
        mem.set(arg.get(0) + t, local[255 - t]);
    }

    static void barrierMissing(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        float[] local = c.allocateFloatLocalArray(256);
        int t = c.localIdx;
        local[t] = t;
        mem.set(arg.get(0) + t, local[255 - t]);
    }

    static void barrierForHalf(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        float[] local = c.allocateFloatLocalArray(256);
        int t = c.localIdx;
        local[t] = t;
        if (t < arg.get(1)) {
            c.localBarrier();
            mem.set(arg.get(0) + t, local[255 - t]);
        }
    }

    static void oneUnwritten(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        float[] local = c.allocateFloatLocalArray(256);
        int t = c.localIdx;
        if (t > 0) {
            local[t] = t;
        }
        c.localBarrier();
        mem.set(arg.get(0) + t, local[255 - t]);
    }

    /// Runs one kernel of this class by name and prints what it wrote.
    static final class Planted {
        private Planted() {}

        /// @param args the kernel
        public static void main(String[] args) {
            Kernel kernel = Map.<String, Kernel>of(
                            "faultless", EmulatorTest::faultless,
                            "barrierMissing", EmulatorTest::barrierMissing,
                            "barrierForHalf", EmulatorTest::barrierForHalf,
                            "oneUnwritten", EmulatorTest::oneUnwritten)
                    .get(args[0]);
            Launcher launcher = new Launcher(TornadoDevices.get(0, 0));
            launcher.reserve(2 * Constants.CAPACITY, 32);
            launcher.run(new Launch(args[0], kernel, Grid.groups(1), new int[] {Constants.CAPACITY, N / 2}));
            float[] written = new float[N];
            launcher.staging()
                    .download(
                            org.jmoco.tensor.DType.F32,
                            Constants.CAPACITY,
                            java.lang.foreign.MemorySegment.ofArray(written));
            System.out.println("wrote " + Arrays.toString(written));
            System.out.println("ended with fault " + launcher.finish());
        }
    }

    /// What a process prints that runs a kernel.
    private static String run(String kernel, String... variables) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(java.nio.file.Path.of(System.getProperty("java.home"), "bin", "java")
                        .toString()));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Planted.class.getName(), kernel));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        for (String variable : variables) {
            builder.environment().put(variable.split("=", 2)[0], variable.split("=", 2)[1]);
        }
        Process process = builder.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(2, TimeUnit.MINUTES));
        return printed;
    }

    private static float[] written(String printed) {
        String numbers = printed.lines()
                .filter(line -> line.startsWith("wrote "))
                .findFirst()
                .orElseThrow(() -> new AssertionError(printed))
                .replaceAll("^wrote \\[|]$", "");
        float[] values = new float[N];
        String[] parts = numbers.split(", ", -1);
        for (int i = 0; i < N; i++) {
            values[i] = Float.parseFloat(parts[i]);
        }
        return values;
    }

    private static float[] opposites() {
        float[] values = new float[N];
        for (int i = 0; i < N; i++) {
            values[i] = N - 1 - i;
        }
        return values;
    }

    @Test
    void aFaultlessKernelGivesTheSameInEitherOrder() throws Exception {
        for (String reverse : List.of("0", "1")) {
            String printed = run("faultless", "EMULATOR_REVERSE=" + reverse);
            assertArrayEquals(opposites(), written(printed));
            assertTrue(printed.contains("ended with fault 0"), printed);
        }
    }

    @Test
    void aMissingBarrierShowsInEitherOrder() throws Exception {
        for (String reverse : List.of("0", "1")) {
            assertFalse(Arrays.equals(opposites(), written(run("barrierMissing", "EMULATOR_REVERSE=" + reverse))));
        }
    }

    @Test
    void aBarrierThatOnlySomeThreadsReachEndsTheRun() throws Exception {
        String printed = run("barrierForHalf", "EMULATOR_REVERSE=0");
        assertTrue(printed.contains("some threads of a block wait at a barrier and others have ended"), printed);
        assertTrue(printed.contains("the last kernel of the run left no mark on"), printed);
    }

    @Test
    void unwrittenLocalMemoryIsNoNumber() throws Exception {
        float[] values = written(run("oneUnwritten", "EMULATOR_REVERSE=0"));
        assertTrue(Float.isNaN(values[N - 1]));
        assertEquals(1, values[N - 2]);
    }

    /// The driver fails from some launch on, prints so and goes on, as CUDA's does.
    @Test
    void aRunOfAFailedDriverEndsWithOneLine() throws Exception {
        String printed = run("faultless", "EMULATOR_REVERSE=0", "EMULATOR_FAIL=3");
        assertTrue(printed.contains("the last kernel of the run left no mark on"), printed);
    }
}
