package org.jmoco.tensor.backend.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.TestDevices;
import org.jmoco.tensor.ops.conv.Conv2d;
import org.jmoco.tensor.ops.conv.Conv2dInputGradient;
import org.jmoco.tensor.ops.conv.Conv2dWeightGradient;
import org.jmoco.tensor.random.Philox;
import org.jmoco.tensor.reference.Reference;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Convolutions of rounded operands on matrix units, and both gradients: which are taken, and that they are those of
/// float64 up to the roundings of float32 sums.
class Bf16ConvolutionsTest {
    /// Roundings of 2⁻²⁴ of `Σ|x·w|`, as in the conformance suite.
    private static final double ROUNDINGS = 16;

    /// The kernels of y, dx and dw.
    private static final List<String> FRAGMENTS =
            List.of("conv.bf16PerTile", "conv.bf16InputGradientPerTile", "conv.bf16WeightGradientPerTile");
    private static final List<String> PRODUCTS =
            List.of("matmul.bf16PerTile", "matmul.bf16PerTile", "conv.bf16WeightGradientPerTile");

    /// @param kernels that must be launched, and no others for products
    private record Case(Conv2d conv, Shape images, Shape weights, boolean bias, List<String> kernels) {
        Case(Conv2d conv, Shape images, Shape weights) {
            this(conv, images, weights, false, FRAGMENTS);
        }

        Case biased() {
            return new Case(conv, images, weights, true, kernels);
        }

        Case by(List<String> others) {
            return new Case(conv, images, weights, bias, others);
        }

        Program program() {
            return Program.trace("convolution", p -> {
                Tensor x = p.input("x", images).roundBf16();
                Tensor w = p.input("w", weights).roundBf16();
                Tensor dy = p.input("dy", out()).roundBf16();
                p.output("y", bias ? conv.on(x, w, p.input("b", Shape.of(weights.dim(3)))) : conv.on(x, w));
                p.output("dx", new Conv2dInputGradient(conv, images).on(dy, w));
                p.output("dw", new Conv2dWeightGradient(conv, weights).on(x, dy));
            });
        }

        Shape out() {
            return conv.shapeOf(images, weights);
        }

        Map<String, double[]> inputs() {
            Map<String, double[]> inputs = new LinkedHashMap<>();
            Philox draws = new Philox(toString().hashCode(), 0, 0, 0);
            program().graph().inputs().forEach((label, node) -> {
                double[] values = new double[(int) node.shape().size()];
                Arrays.setAll(values, i -> (float) draws.nextNormal());
                inputs.put(label, values);
            });
            return inputs;
        }

        @Override
        public String toString() {
            return images + " by " + weights + (bias ? " with a bias, " : ", ") + conv;
        }
    }

    static Stream<Case> taken() {
        return Stream.of(
                new Case(Conv2d.of(1, 1), Shape.of(2, 7, 7, 16), Shape.of(3, 3, 16, 64)),
                new Case(Conv2d.of(1, 1), Shape.of(1, 14, 14, 64), Shape.of(3, 3, 64, 80)),
                new Case(Conv2d.of(2, 1), Shape.of(3, 15, 13, 80), Shape.of(3, 3, 80, 64)),
                new Case(Conv2d.of(2, 1), Shape.of(1, 14, 14, 16), Shape.of(3, 3, 16, 144)),
                new Case(Conv2d.of(1, 2), Shape.of(2, 9, 11, 16), Shape.of(5, 5, 16, 16)),
                new Case(Conv2d.of(1, 0), Shape.of(2, 6, 10, 32), Shape.of(3, 3, 32, 16)),
                new Case(Conv2d.of(2, 2).dilated(2), Shape.of(2, 12, 9, 16), Shape.of(3, 3, 16, 16)),
                new Case(new Conv2d(1, 3, 0, 2, 2, 1, 1), Shape.of(2, 9, 20, 16), Shape.of(2, 4, 16, 16)),
                new Case(Conv2d.of(2, 0), Shape.of(2, 14, 14, 64), Shape.of(1, 1, 64, 128)),
                new Case(Conv2d.of(3, 0), Shape.of(2, 14, 13, 16), Shape.of(2, 1, 16, 16)),
                new Case(Conv2d.of(1, 1), Shape.of(1, 8, 8, 144), Shape.of(3, 3, 144, 16)),
                new Case(Conv2d.of(1, 1), Shape.of(2, 25, 23, 16), Shape.of(3, 3, 16, 16)),
                new Case(Conv2d.of(2, 1), Shape.of(1, 14, 14, 80), Shape.of(3, 3, 80, 16)).biased(),
                new Case(Conv2d.of(1, 0), Shape.of(1, 7, 7, 32), Shape.of(1, 1, 32, 48)).by(PRODUCTS),
                new Case(Conv2d.of(1, 0), Shape.of(3, 7, 5, 1040), Shape.of(1, 1, 1040, 16))
                        .biased()
                        .by(PRODUCTS));
    }

    static Stream<Case> left() {
        return Stream.of(
                new Case(Conv2d.of(1, 1).grouped(2), Shape.of(2, 7, 7, 32), Shape.of(3, 3, 16, 64)).by(List.of()),
                new Case(Conv2d.of(1, 1), Shape.of(2, 7, 7, 12), Shape.of(3, 3, 12, 20)).by(List.of()),
                new Case(Conv2d.of(2, 3), Shape.of(1, 16, 16, 3), Shape.of(7, 7, 3, 16)).by(List.of()),
                new Case(Conv2d.of(1, 1), Shape.of(1, 3, 5, 32), Shape.of(3, 3, 32, 16)).by(FRAGMENTS.subList(2, 3)));
    }

    @BeforeEach
    void requireMatrixUnits() {
        Assumptions.assumeTrue(
                TestDevices.requireSdk().backend() instanceof TornadoBackend b
                        && b.launcher().profile().matrixUnits(),
                "needs a device with matrix units, or the emulator of tornado-config/emulator");
    }

    private static TreeSet<String> kernels(Program program) {
        TornadoBackend backend =
                (TornadoBackend) TestDevices.onSdk().orElseThrow().backend();
        TreeSet<String> names = new TreeSet<>();
        try (TornadoExecutable executable = (TornadoExecutable) backend.compile(program.graph())) {
            executable.emitted().stream()
                    .map(Launch::name)
                    .filter(name -> name.matches("(conv|matmul)\\.bf16.*PerTile"))
                    .forEach(names::add);
        }
        return names;
    }

    private static Map<String, double[]> run(Case c, Map<String, double[]> inputs) {
        Program program = c.program();
        Compiled compiled = TestDevices.onSdk().orElseThrow().compile(program);
        inputs.forEach((label, values) -> {
            float[] floats = new float[values.length];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = (float) values[i];
            }
            compiled.feed(label, floats);
        });
        compiled.run();
        Map<String, double[]> results = new LinkedHashMap<>();
        for (String label : program.graph().outputs().keySet()) {
            float[] values = compiled.floats(label);
            double[] doubles = new double[values.length];
            Arrays.setAll(doubles, i -> values[i]);
            results.put(label, doubles);
        }
        return results;
    }

    private static Map<String, double[]> reference(Case c, Map<String, double[]> inputs, DoubleUnaryOperator of) {
        Map<String, double[]> operands = new LinkedHashMap<>();
        inputs.forEach(
                (label, x) -> operands.put(label, Arrays.stream(x).map(of).toArray()));
        return new Reference().run(c.program().graph(), operands);
    }

    private static void assertNear(
            Map<String, double[]> exact, Map<String, double[]> products, Map<String, double[]> got) {
        exact.forEach((label, want) -> {
            for (int i = 0; i < want.length; i++) {
                double y = got.get(label)[i];
                String what = label + "[" + i + "]: expected " + want[i] + ", got " + y;
                if (Double.isFinite(want[i])) {
                    double bound = ROUNDINGS * 0x1p-24 * products.get(label)[i];
                    assertTrue(Math.abs(y - want[i]) <= bound, what + ", Σ|x·w| is " + products.get(label)[i]);
                } else {
                    assertEquals(want[i], y, what);
                }
            }
        });
    }

    @ParameterizedTest
    @MethodSource({"taken", "left"})
    void resultsAreThoseOfDoubles(Case c) {
        assertEquals(new TreeSet<>(c.kernels()), kernels(c.program()));
        Map<String, double[]> inputs = c.inputs();
        assertNear(reference(c, inputs, x -> x), reference(c, inputs, Math::abs), run(c, inputs));
    }

    /// What is no number, and what is infinite, comes to the results that see it and to no others.
    @Test
    void whatIsNotFiniteStaysWhereItBelongs() {
        Case c = new Case(Conv2d.of(2, 1), Shape.of(2, 9, 9, 16), Shape.of(3, 3, 16, 16));
        Map<String, double[]> inputs = c.inputs();
        Map<String, double[]> products = reference(c, inputs, Math::abs);
        inputs.get("x")[(4 * 9 + 5) * 16 + 3] = Double.NaN;
        inputs.get("x")[(9 * 9 + 9 + 1) * 16 + 7] = Double.NEGATIVE_INFINITY;
        Map<String, double[]> got = run(c, inputs);
        Map<String, double[]> exact = reference(c, inputs, x -> x);
        assertTrue(Arrays.stream(exact.get("y")).anyMatch(Double::isNaN));
        assertTrue(Arrays.stream(exact.get("y")).anyMatch(Double::isInfinite));
        assertTrue(Arrays.stream(exact.get("dx")).allMatch(Double::isFinite));
        assertNear(exact, products, got);
    }

    @Test
    void operandsThatWereNotRoundedAreNotTaken() {
        Program half = Program.trace("half rounded", p -> {
            Tensor x = p.input("x", Shape.of(2, 8, 8, 16));
            Tensor w = p.input("w", Shape.of(3, 3, 16, 16));
            p.output("y", x.roundBf16().conv2d(w, 1, 1));
        });
        assertEquals(new TreeSet<>(), kernels(half));
    }
}
