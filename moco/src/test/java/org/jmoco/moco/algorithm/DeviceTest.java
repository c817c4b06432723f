package org.jmoco.moco.algorithm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Precision;
import org.jmoco.tensor.TestDevices;
import org.jmoco.tensor.backend.KernelObserver;
import org.jmoco.tensor.backend.tornado.TornadoBackend;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.SafeTensors;
import org.jmoco.tensor.reference.Reference;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Training on the device of a TornadoVM SDK, interrupted and carried over.
class DeviceTest {
    @Test
    void aRunGoesOnFromASavedStateWithTheSameBits(@TempDir Path folder) {
        Device device = TestDevices.requireSdk();
        Moco unbroken = moco();
        Step step = unbroken.on(device);
        Small.steps(unbroken, step, 0, 2);
        SequencedMap<String, ArrayData> saved = saved(unbroken, folder);
        List<Outcome> expected = Small.steps(unbroken, step, 2, 4);

        Moco resumed = moco();
        resumed.load(saved);
        assertEquals(expected, Small.steps(resumed, resumed.on(device), 2, 4));
        assertEquals(List.of(), Small.differences(unbroken.save(), resumed.save()));
    }

    @Test
    void aStateMovesToTheJvmAndBack(@TempDir Path folder) {
        Device device = TestDevices.requireSdk();
        Moco there = moco();
        Small.steps(there, there.on(device), 0, 2);
        SequencedMap<String, ArrayData> saved = saved(there, folder);

        Moco here = moco();
        here.load(saved);
        assertEquals(List.of(), Small.differences(there.save(), here.save()));
        Outcome onJvm = Small.step(here, here.on(Device.current()), 2);
        Outcome onDevice = Small.step(there, there.on(device), 2);
        assertTrue(
                Math.abs(onJvm.loss() - onDevice.loss()) <= 1e-5 * onJvm.loss(),
                onJvm + " on the JVM, " + onDevice + " on the device");

        Moco back = moco();
        back.load(saved(here, folder));
        assertEquals(List.of(), Small.differences(here.save(), back.save()));
        Outcome next = Small.step(back, back.on(device), 3);
        Outcome expected = Small.step(here, here.on(Device.current()), 3);
        assertTrue(
                Math.abs(next.loss() - expected.loss()) <= 1e-5 * expected.loss(),
                expected + " on the JVM, " + next + " on the device");
    }

    /// Rounded operands on matrix units, and by the kernels of float32, which add in another order. A sum between two
    /// numbers of bfloat16 may be rounded to the other one, and a small network makes much of it: so the steps are
    /// only compared with what rounding itself does, and each product with that of its operands in float64.
    @Test
    void matrixUnitsTakeTheStepThatFloat32KernelsTake() {
        Device with = TestDevices.requireSdk();
        Assumptions.assumeTrue(with.backend().description().contains("CUDA"), "needs a device with matrix units");
        Products products = new Products();
        with.backend().observe(products);
        Taken units = Taken.on(with, Precision.BF16);
        with.backend().observe(null);
        assertTrue(products.count > 100, products.count + " products were compared");

        Taken plain;
        System.setProperty("jmoco.device.matrix-units", "off");
        try (Device without = new Device(new TornadoBackend(0, 0))) {
            plain = Taken.on(without, Precision.BF16);
        } finally {
            System.clearProperty("jmoco.device.matrix-units");
        }
        Taken exact = Taken.on(with, Precision.FLOAT32);
        double loss = Math.abs(units.loss - plain.loss);
        assertTrue(loss < Math.abs(exact.loss - plain.loss) / 8, "losses are " + loss + " apart");
        double apart = distance(units.gradients, plain.gradients);
        double rounding = distance(exact.gradients, plain.gradients);
        assertTrue(apart < rounding / 4, "gradients are " + apart + " apart, rounding makes " + rounding);
    }

    /// Compares every product of rounded operands with float64 as it is computed.
    private static final class Products implements KernelObserver {
        private final Map<Node, double[]> rounded = new HashMap<>();
        private int count;

        @Override
        public void ran(Node node, MemorySegment result, long nanos) {
            if (node.op() instanceof Op.Bfloat16) {
                rounded.put(node, doubles(node, result));
            } else if (node.op() instanceof Op.Product) {
                List<double[]> in = node.inputs().stream().map(this::operand).toList();
                if (!in.contains(null)) {
                    count++;
                    double[] exact = Reference.compute(node.op(), node, in.toArray(double[][]::new));
                    double[] all = Reference.compute(
                            node.op(), node, in.stream().map(Products::absolute).toArray(double[][]::new));
                    double[] got = doubles(node, result);
                    for (int i = 0; i < exact.length; i++) {
                        String what = node.scope() + ": " + node.op() + " of " + node.inputs() + "[" + i + "]";
                        assertEquals(exact[i], got[i], 16 * 0x1p-24 * all[i], what);
                    }
                }
            }
        }

        private double[] operand(Node node) {
            double[] values = rounded.get(node);
            if (values == null && node.op() instanceof Op.View view) {
                double[] whole = operand(node.input(0));
                int from = (int) view.offset(node.input(0).shape());
                return whole == null
                        ? null
                        : Arrays.copyOfRange(
                                whole, from, from + (int) node.shape().size());
            }
            return values;
        }

        private static double[] doubles(Node node, MemorySegment result) {
            return Reference.doubles(result, node.dtype(), (int) node.shape().size());
        }

        private static double[] absolute(double... x) {
            return Arrays.stream(x).map(Math::abs).toArray();
        }
    }

    /// @param gradients of all weights: the momenta after the first step
    private record Taken(double loss, Map<String, ArrayData> gradients) {
        static Taken on(Device device, Precision precision) {
            Moco moco = new Moco(Small.ofWidth(16, precision), Small.PIXELS);
            double loss = Small.step(moco, moco.on(device), 0).loss();
            Map<String, ArrayData> gradients = new LinkedHashMap<>(moco.save());
            gradients.keySet().removeIf(name -> !name.startsWith("momentum."));
            return new Taken(loss, gradients);
        }
    }

    private static double distance(Map<String, ArrayData> a, Map<String, ArrayData> b) {
        double error = 0;
        double norm = 0;
        for (Map.Entry<String, ArrayData> entry : b.entrySet()) {
            ArrayData x = a.get(entry.getKey());
            ArrayData y = entry.getValue();
            for (int i = 0; i < y.count(); i++) {
                error += Math.pow(x.doubleAt(i) - y.doubleAt(i), 2);
                norm += Math.pow(y.doubleAt(i), 2);
            }
        }
        return Math.sqrt(error / norm);
    }

    private static Moco moco() {
        return new Moco(Small.config(1, 1), Small.PIXELS);
    }

    private static SequencedMap<String, ArrayData> saved(Moco moco, Path folder) {
        Path file = folder.resolve("state.safetensors");
        SafeTensors.write(file, moco.save(), Map.of());
        return new LinkedHashMap<>(SafeTensors.read(file).arrays());
    }
}
