package org.jmoco.tensor.backend.tornado;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.TestDevices;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.backend.DeviceMemoryException;
import org.jmoco.tensor.backend.Executable;
import org.jmoco.tensor.ops.conv.Conv2d;
import org.jmoco.tensor.ops.conv.Conv2dInputGradient;
import org.jmoco.tensor.ops.norm.BatchGroups;
import org.jmoco.tensor.plan.LargeProgram;
import org.jmoco.tensor.plan.Plan;
import org.jmoco.tensor.plan.TrainingStep;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

class TornadoBackendTest {
    /// Bytes of an array of a small device.
    private static final long PIECE = 512 << 10;

    private static final Path RESIDENT = Path.of("/proc/self/statm");

    private static Program doubling(int n) {
        return Program.trace(
                "doubling", p -> p.output("y", p.input("x", Shape.of(n)).multiply(2f)));
    }

    @Test
    void aProgramThatDoesNotFitIsRefusedBeforeAnythingIsAllocatedAndSmallerOnesRun() {
        TestDevices.requireSdk();
        try (Device device = new Device(new TornadoBackend(0, 0, true, 1 << 20))) {
            var e = assertThrows(DeviceMemoryException.class, () -> device.compile(doubling(200_000)));
            assertTrue(
                    e.getMessage()
                            .startsWith("program doubling needs 0 MiB for variables, 2 MiB for inputs and "
                                    + "outputs and 0 MiB for what is between, so that "),
                    e.getMessage());
            assertTrue(
                    e.getMessage()
                            .endsWith("would hold 2 MiB, 2 MiB of them in one piece; it has 1 MiB, at most 1 "
                                    + "MiB in one piece"),
                    e.getMessage());
            assertThrows(
                    DeviceMemoryException.class,
                    () -> device.backend().requireRoom(doubling(200_000).graph()));
            device.backend().requireRoom(doubling(2).graph());
            assertArrayEquals(
                    new float[] {2, 4},
                    device.compile(doubling(2)).feed("x", 1f, 2f).run().floats("y"));
        }
    }

    @Test
    void aRunMovesItsInputsUpAndTheOutputsThatAreReadDown() {
        TestDevices.requireSdk();
        TornadoBackend backend = new TornadoBackend(0, 0);
        try (Device device = new Device(backend)) {
            Variable w = Variable.zeros("w", Shape.of(100_000));
            Compiled step = device.compile(Program.trace("step", p -> {
                p.output(
                        "sum", w.assign(w.read().add(p.input("x", Shape.of(1)))).sum());
            }));
            step.feed("x", 1f).run().scalar("sum");
            step.run();
            Traffic before = backend.traffic();
            assertEquals(300_000f, step.run().scalar("sum"));
            Traffic moved = backend.traffic().since(before);
            assertEquals(4_096, moved.bytesUp(), "the input's staging array");
            assertEquals(4_096 + 8, moved.bytesDown(), "the output's, the fault and the mark of the run");
            assertEquals(0, moved.kernels());
            assertEquals(3, w.toArray()[99_999]);
        }
    }

    private static Program longProgram() {
        Variable w = Variable.zeros("w", Shape.of(300));
        return Program.trace("long", p -> {
            Tensor y = w.read().add(p.input("x", Shape.of(300)));
            for (int i = 0; i < Chaining.LAUNCHES; i++) {
                y = y.multiply(1 + i * 1e-4f);
            }
            p.output("y", y);
            p.output("sum", w.assign(y.multiply(1e-9f)).sum());
        });
    }

    /// Enough launches for several graphs; what goes up between the runs, and what they leave for each other.
    @Test
    void aProgramThatGoesOnRunningGivesTheBitsOfItsFirstRuns() {
        TestDevices.requireSdk();
        List<float[]> results = new ArrayList<>();
        List<Long> launches = new ArrayList<>();
        boolean cuda = TestDevices.requireSdk().backend().description().contains("CUDA");
        for (String way : cuda ? List.of("single", "chained", "captured") : List.of("single", "chained")) {
            System.setProperty("jmoco.device.graphs", way);
            TornadoBackend backend = new TornadoBackend(0, 0);
            try (Device device = new Device(backend)) {
                Compiled compiled = device.compile(longProgram());
                float[] all = new float[0];
                for (int run = 0; run < 6; run++) {
                    float[] x = new float[300];
                    for (int i = 0; i < x.length; i++) {
                        x[i] = (float) Math.sin(i + run) * 3;
                    }
                    Traffic before = backend.traffic();
                    compiled.feed("x", x).run();
                    launches.add(backend.traffic().since(before).launches());
                    float[] y = compiled.floats("y");
                    all = Arrays.copyOf(all, all.length + 301);
                    System.arraycopy(y, 0, all, all.length - 301, 300);
                    all[all.length - 1] = compiled.scalar("sum");
                }
                results.add(all);
            } finally {
                System.clearProperty("jmoco.device.graphs");
            }
        }
        assertTrue(results.getFirst()[1] > 0);
        results.forEach(other -> assertArrayEquals(results.getFirst(), other));
        assertEquals(launches.get(5), launches.get(11), "launches of the last run, single and chained");
    }

    /// TornadoVM holds the graphs of a program beyond its end.
    @Test
    void aProgramThatIsClosedAndCompiledAgainGetsItsGraphsBack() {
        TestDevices.requireSdk();
        System.setProperty("jmoco.device.graphs", "chained");
        TornadoBackend backend = new TornadoBackend(0, 0);
        try (Device device = new Device(backend)) {
            int expected = 0;
            for (int i = 0; i < 3; i++) {
                try (Compiled compiled = device.compile(doubling(100))) {
                    for (int run = 0; run <= Chaining.RUNS_BEFORE; run++) {
                        assertEquals(
                                6f,
                                compiled.feed("x", floats(100, 3 + run)).run().floats("y")[99] - 2 * run);
                    }
                }
                int graphs = backend.launcher().graphs();
                expected = i == 0 ? graphs : expected;
                assertEquals(expected, graphs);
            }
            try (Compiled other = device.compile(doubling(101))) {
                for (int run = 0; run <= Chaining.RUNS_BEFORE; run++) {
                    assertEquals(10f, other.feed("x", floats(101, 5)).run().floats("y")[100]);
                }
            }
            assertTrue(backend.launcher().graphs() > expected, "a program of another size has other launches");
        } finally {
            System.clearProperty("jmoco.device.graphs");
        }
    }

    private static float[] floats(int n, float value) {
        float[] x = new float[n];
        Arrays.fill(x, value);
        return x;
    }

    /// A device whose arrays hold a fraction of what the step wants, so that its activations lie in several.
    @Test
    void activationsInSeveralArenasGiveTheSameBits() {
        TestDevices.requireSdk();
        boolean cuda = TestDevices.requireSdk().backend().description().contains("CUDA");
        TrainingStep step = new TrainingStep();
        byte[] expected;
        try (Device one = new Device(new TornadoBackend(0, 0))) {
            assertEquals(List.of(), one.compile(step.program()).plan().further());
            expected = step.trained(one);
        }
        for (String way : cuda ? List.of("single", "captured") : List.of("single", "chained")) {
            System.setProperty("jmoco.device.graphs", way);
            TornadoBackend backend = new TornadoBackend(0, 0, true, Long.MAX_VALUE, PIECE);
            try (Device several = new Device(backend)) {
                Plan plan = several.compile(step.program()).plan();
                assertTrue(plan.further().size() >= 3, plan.further().toString());
                assertTrue(plan.further().stream().allMatch(floats -> floats * Float.BYTES <= PIECE));
                assertArrayEquals(expected, step.trained(several), way);
                List<String> kernels = backend.launcher().compiled();
                assertTrue(
                        kernels.stream().anyMatch(k -> k.matches("norm\\.batchNormInputGradient@.*[23].*")),
                        () -> kernels.toString());
            } finally {
                System.clearProperty("jmoco.device.graphs");
            }
        }
    }

    /// A grid takes so many groups along y; products and convolutions of more rows come in several launches, and each
    /// group of batch norm does more.
    @Test
    void rowsBeyondOneGridComeInSeveralLaunches() {
        TestDevices.requireSdk();
        Conv2d op = Conv2d.of(2, 1).grouped(2);
        Shape images = Shape.of(5, 24, 24, 32);
        Program program = Program.trace("rows", p -> {
            Tensor weight = p.input("weight", Shape.of(3, 3, 16, 64));
            Tensor y = op.on(p.input("images", images), weight);
            p.output("convolution", y);
            p.output("gradient", new Conv2dInputGradient(op, images).on(y, weight));
            p.output("product", p.input("a", Shape.of(900, 20)).matmul(p.input("b", Shape.of(20, 30))));
            p.output("narrow", p.input("c", Shape.of(900, 20)).matmul(p.input("d", Shape.of(20, 2))));
            Tensor gamma = p.input("gamma", Shape.of(64));
            p.output("norm", y.batchNorm(gamma, gamma, BatchGroups.WHOLE, 1e-5f).y());
        });
        List<float[]> results = new ArrayList<>();
        List<Long> launches = new ArrayList<>();
        for (int most : new int[] {Grid.MOST, 5}) {
            TornadoBackend backend = new TornadoBackend(0, 0);
            backend.launcher().mostGroups(most);
            try (Device device = new Device(backend)) {
                Compiled compiled = device.compile(program);
                program.graph().inputs().forEach((label, node) -> {
                    float[] x = new float[(int) node.shape().size()];
                    for (int i = 0; i < x.length; i++) {
                        x[i] = (float) Math.sin(i + label.length());
                    }
                    compiled.feed(label, x);
                });
                compiled.run();
                for (String output : List.of("convolution", "gradient", "product", "narrow", "norm")) {
                    results.add(compiled.floats(output));
                }
                launches.add(backend.traffic().launches());
            }
        }
        for (int i = 0; i < 5; i++) {
            assertArrayEquals(results.get(i), results.get(i + 5));
        }
        // 4 images at once, 1 at once, 640 rows, 80 rows; batch norm's work-groups go through more rows
        assertEquals(launches.get(0) + 1 + 4 + 1 + 11, launches.get(1));
    }

    /// The launches of a step that takes many times what one array holds: offsets, and grids as CUDA takes them.
    @Test
    void theLaunchesOfALargeStepStayWithinTheirArenas() {
        Device device = TestDevices.requireSdk();
        Assumptions.assumeTrue(device.backend().description().contains("CUDA"), "needs a device of more than 64 GiB");
        TornadoBackend backend = new TornadoBackend(0, 0);
        try (Executable executable = backend.compile(LargeProgram.resnet18(700).graph())) {
            List<Long> further = executable.plan().further();
            assertTrue(further.size() >= 2, further.toString());
            assertTrue(further.stream().allMatch(floats -> floats <= Integer.MAX_VALUE - 64));
            List<Launch> launches = ((TornadoExecutable) executable).emitted();
            assertTrue(launches.stream().anyMatch(l -> l.arenas().a() == 2));
            assertTrue(launches.stream().anyMatch(l -> l.arenas().a() == 1 && l.arguments()[0] > 1 << 30));
            for (Launch launch : launches) {
                Arenas at = launch.arenas();
                for (int arena : new int[] {at.a(), at.b(), at.e(), at.result()}) {
                    assertTrue(arena >= 0 && arena <= further.size(), launch.key());
                }
                for (int argument : launch.arguments()) {
                    assertTrue(argument >= -1, launch.key() + Arrays.toString(launch.arguments()));
                }
            }
        }
    }

    /// Every arena wants a copy in host memory; one does for all. These devices compute in this machine's memory, so an
    /// arena takes its own size too.
    @Test
    void allArenasShareTheirHostMemory() throws IOException {
        Device device = TestDevices.requireSdk();
        Assumptions.assumeTrue(
                device.backend().description().matches(".*(PoCL|pocl|emulated).*") && Files.exists(RESIDENT),
                "needs a device in this machine's memory, and Linux");
        int floats = 1 << 26;
        try (Launcher launcher = new Launcher(TornadoDevices.get(0, 0))) {
            launcher.reserve(floats, 1, List.of());
            launcher.staging().upload(new float[] {1}, Constants.CAPACITY);
            launcher.close();
            long before = resident();
            launcher.reserve(floats, 1, List.of(floats - 1_000, floats));
            launcher.staging().upload(new float[] {1}, Constants.CAPACITY);
            long taken = resident() - before;
            long arena = (long) Float.BYTES * floats;
            assertTrue(taken < 9 * arena / 2, taken + " bytes for 3 arenas of " + arena);
        }
    }

    private static long resident() throws IOException {
        return Long.parseLong(Files.readString(RESIDENT).split(" ", -1)[1]) * 4_096;
    }

    /// Bytes of an arena lie beyond what an int counts.
    @Test
    void aKernelReadsAndWritesBeyond2To29Elements() {
        Device device = TestDevices.requireSdk();
        Assumptions.assumeTrue(device.backend().description().contains("CUDA"), "needs an array of more than 2 GiB");
        int far = (1 << 29) + 1_000;
        try (Launcher launcher = new Launcher(TornadoDevices.get(0, 0))) {
            launcher.reserve(1 << 20, 1, List.of(far + 8_192));
            float[] values = new float[4_096];
            for (int i = 0; i < values.length; i++) {
                values[i] = i - 1_000.5f;
            }
            launcher.staging().upload(values, Constants.CAPACITY);
            FarKernel copy = TornadoBackendTest::doubled;
            launcher.run(new Launch("doubled", copy, Grid.threads(values.length), new Arenas(0, 0, 0, 1), new int[] {
                Constants.CAPACITY, far, values.length
            }));
            launcher.run(new Launch("doubled", copy, Grid.threads(values.length), new Arenas(1, 0, 0, 0), new int[] {
                far, 3 * Constants.CAPACITY, values.length
            }));
            float[] got = new float[values.length];
            launcher.staging().download(DType.F32, 3 * Constants.CAPACITY, MemorySegment.ofArray(got));
            float[] there = new float[values.length];
            launcher.staging().download(DType.F32, 1, far, MemorySegment.ofArray(there));
            for (int i = 0; i < values.length; i++) {
                assertEquals(2 * values[i], there[i]);
                assertEquals(4 * values[i], got[i]);
            }
        }
    }

    static void doubled(
            KernelContext c,
            FloatArray mem,
            FloatArray a,
            FloatArray b,
            FloatArray e,
            FloatArray result,
            IntArray ints,
            IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(2)) {
            result.set(arg.get(1) + i, 2f * a.get(arg.get(0) + i));
        }
    }
}
