package org.jmoco.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.jmoco.tensor.OpTest.Traced;
import org.jmoco.tensor.ops.conv.Conv2d;
import org.jmoco.tensor.ops.elementwise.RoundBf16;
import org.jmoco.tensor.ops.elementwise.RoundBf16Reference;
import org.jmoco.tensor.reference.Reference;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Products of each precision and both gradients, on every device, against float64.
class PrecisionTest {
    /// What three products of bfloat16 leave out of one of float32, beside float32's own roundings.
    private static final double THREE_PRODUCTS = 6e-6;

    private record Case(String name, BinaryOperator<Tensor> product, double bound, Shape... shapes) {
        Traced traced() {
            return Traced.of(OpCase.of(
                    name, in -> Scope.in("network", () -> product.apply(in[0], in[1])), shapes[0], shapes[1]));
        }
    }

    private static Case matmul(String name, boolean transposeA, boolean transposeB, Shape a, Shape b) {
        return new Case(name, (x, w) -> x.matmul(w, transposeA, transposeB), 3e-6, a, b);
    }

    private static Case conv(String name, Conv2d conv, double bound, Shape x, Shape weight) {
        return new Case(name, (images, w) -> images.conv2d(w, conv), bound, x, weight);
    }

    private static final List<Case> CASES = List.of(
            matmul("product", false, false, Shape.of(17, 33), Shape.of(33, 41)),
            matmul("left transposed", true, false, Shape.of(19, 15), Shape.of(19, 35)),
            matmul("right transposed", false, true, Shape.of(70, 21), Shape.of(137, 21)),
            matmul("both transposed", true, true, Shape.of(9, 29), Shape.of(31, 9)),
            matmul("a large product", false, false, Shape.of(150, 100), Shape.of(100, 140)),
            matmul("fragments on the right", true, true, Shape.of(19, 160), Shape.of(136, 19)),
            matmul("fragments in every direction", false, false, Shape.of(272, 48), Shape.of(48, 144)),
            conv("1×1 in fragments", Conv2d.of(1, 0), 3e-6, Shape.of(3, 8, 8, 24), Shape.of(1, 1, 24, 40)),
            conv("3×3 in fragments", Conv2d.of(1, 1), 1e-5, Shape.of(2, 7, 7, 48), Shape.of(3, 3, 48, 80)),
            conv("3×3 stride 2 in fragments", Conv2d.of(2, 1), 3e-6, Shape.of(3, 9, 8, 16), Shape.of(3, 3, 16, 32)),
            conv("1×1", Conv2d.of(1, 0), 3e-6, Shape.of(2, 9, 9, 19), Shape.of(1, 1, 19, 33)),
            conv("3×3 by Winograd", Conv2d.of(1, 1), 1e-5, Shape.of(3, 7, 10, 33), Shape.of(3, 3, 33, 35)),
            conv("7×7 stride 2", Conv2d.of(2, 3), 3e-6, Shape.of(2, 15, 17, 3), Shape.of(7, 7, 3, 8)),
            conv("groups", Conv2d.of(2, 1).grouped(2), 3e-6, Shape.of(2, 6, 5, 6), Shape.of(3, 3, 3, 12)),
            conv("dilation", Conv2d.of(1, 2).dilated(2), 3e-6, Shape.of(1, 9, 8, 4), Shape.of(3, 3, 4, 6)));

    @TestFactory
    Stream<DynamicTest> operandsAreRoundedForwardAndBackward() {
        return each((c, device) -> {
            Traced traced = c.traced();
            Map<String, double[]> rounded = mapped(traced.inputs(), RoundBf16Reference::round);
            Map<String, double[]> expected = new Reference().run(traced.graph(), rounded);
            assertClose(expected, run(traced, Precision.BF16, device), c.bound());
            double change = distance(
                    expected.get("value"),
                    new Reference().run(traced.graph(), traced.inputs()).get("value"));
            assertTrue(change > 100 * c.bound(), "rounding changes so little that it would not be missed: " + change);
        });
    }

    @TestFactory
    Stream<DynamicTest> threeProductsAreNearFloat32() {
        return each((c, device) -> {
            Traced traced = c.traced();
            Map<String, double[]> expected = new Reference().run(traced.graph(), traced.inputs());
            assertClose(expected, run(traced, Precision.BF16X3, device), c.bound() + THREE_PRODUCTS);
        });
    }

    private interface Check {
        void on(Case c, Device device);
    }

    private static Stream<DynamicTest> each(Check check) {
        return TestDevices.all().stream()
                .flatMap(device ->
                        CASES.stream().map(c -> dynamicTest(c.name() + " on " + device, () -> check.on(c, device))));
    }

    private static Map<String, double[]> run(Traced traced, Precision precision, Device device) {
        Program program = traced.program().with(precision);
        Compiled compiled = device.compile(program);
        traced.inputs().forEach((label, values) -> Fed.doubles(compiled, traced.graph(), label, values));
        compiled.run();
        Map<String, double[]> outputs = new LinkedHashMap<>();
        for (String label : List.of("value", "gradient0", "gradient1")) {
            float[] values = compiled.floats(label);
            outputs.put(label, Reference.doubles(compiled.output(label), DType.F32, values.length));
        }
        return outputs;
    }

    private static Map<String, double[]> mapped(Map<String, double[]> inputs, DoubleUnaryOperator f) {
        Map<String, double[]> mapped = new LinkedHashMap<>();
        inputs.forEach((label, x) -> mapped.put(label, Arrays.stream(x).map(f).toArray()));
        return mapped;
    }

    private static void assertClose(Map<String, double[]> expected, Map<String, double[]> got, double bound) {
        got.forEach((label, values) -> {
            double distance = distance(values, expected.get(label));
            assertTrue(distance <= bound, label + ": relative L2 error " + distance + ", allowed " + bound);
        });
    }

    private static double distance(double[] a, double[] b) {
        double error = 0;
        double norm = 0;
        for (int i = 0; i < a.length; i++) {
            error += (a[i] - b[i]) * (a[i] - b[i]);
            norm += b[i] * b[i];
        }
        return Math.sqrt(error / norm);
    }

    @Test
    void aValueIsRoundedOnceForAllItsProducts() {
        Variable w = Variable.zeros("w", Shape.of(3, 3, 4, 4));
        Graph graph = Program.trace("two convolutions", p -> {
                    Tensor x = p.input("x", Shape.of(2, 8, 8, 4));
                    Tensor y =
                            Scope.in("network", () -> x.conv2d(w.read(), 1, 1).relu());
                    Tensor z = Scope.in("network", () -> y.conv2d(w.read(), 1, 1));
                    Tensor loss = z.multiply(z).sum();
                    p.output("gradient", Gradients.of(loss, List.of(w)).getFirst());
                })
                .with(Precision.BF16)
                .graph();
        long rounded =
                graph.nodes().stream().filter(n -> n.op() instanceof RoundBf16).count();
        assertEquals(5, rounded, "x, y, w, and the gradients of both results");
    }

    @Test
    void productsOutsideANetworkStayFloat32() {
        Program program = Program.trace("loss", p -> {
            Tensor x = p.input("x", Shape.of(4, 4));
            p.output("y", x.matmul(x));
        });
        assertEquals(
                program.graph().nodes().size(),
                program.with(Precision.BF16).graph().nodes().size());
        assertSame(program, program.with(Precision.FLOAT32));
    }

    @Test
    void theBitsDoNotDependOnThreadsPlacesOrRepetition() {
        for (Precision precision : List.of(Precision.BF16, Precision.BF16X3)) {
            for (Case c : CASES) {
                Traced traced = c.traced();
                Map<String, double[]> first = null;
                for (Device device : TestDevices.variants()) {
                    Map<String, double[]> bits = run(traced, precision, device);
                    first = first == null ? bits : first;
                    for (String label : bits.keySet()) {
                        assertArrayEquals(first.get(label), bits.get(label), c.name() + ", " + label + " on " + device);
                    }
                }
            }
        }
    }
}
