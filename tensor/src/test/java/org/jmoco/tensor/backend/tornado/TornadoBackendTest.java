package org.jmoco.tensor.backend.tornado;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.TestDevices;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.backend.DeviceMemoryException;
import org.junit.jupiter.api.Test;

class TornadoBackendTest {
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
}
