package org.jmoco.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jmoco.tensor.random.Philox;
import org.jmoco.tensor.reference.Reference;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The conformance suite: a subclass a family of ops lists cases, and each is held against a float64 reference,
/// forward and backward, on every backend.
///
/// For each case: values within the bound; the gradient rules against central differences of the float64
/// reference; the gradients in float32 within the bound; the same bits with 1, 2 and 3 threads and with in-place
/// updates off.
public abstract class OpTest {
    /// The cases of this family.
    protected abstract List<OpCase> cases();

    /// The cases, for what else is done with them.
    public final List<OpCase> listed() {
        return cases();
    }

    @TestFactory
    Stream<DynamicNode> conformance() {
        return cases().stream().map(c -> dynamicContainer(c.name(), tests(c)));
    }

    private static List<DynamicTest> tests(OpCase c) {
        List<DynamicTest> tests = new ArrayList<>();
        tests.add(dynamicTest(
                "values and gradients within the bound of float64", () -> againstReference(c, TestDevices.jvm())));
        tests.add(dynamicTest(
                "the same on the device of a TornadoVM SDK", () -> againstReference(c, TestDevices.requireSdk())));
        if (c.inputs().stream().anyMatch(OpCase.Input::differentiable)) {
            tests.add(dynamicTest("gradient rules equal central differences", () -> centralDifferences(c)));
        } else {
            tests.add(dynamicTest("there is no gradient, and asking for one says so", () -> noGradient(c)));
        }
        tests.add(dynamicTest(
                "same bits whatever the threads, in place or not, computed again or not", () -> sameBits(c)));
        return tests;
    }

    private static void againstReference(OpCase c, Device device) {
        Traced traced = Traced.of(c);
        Map<String, double[]> expected = new Reference().run(traced.graph(), traced.inputs());
        Map<String, double[]> products =
                c.bound().perProduct() > 0 ? new Reference().run(traced.graph(), traced.absoluteInputs()) : Map.of();
        Compiled compiled = traced.on(device);
        expected.forEach((label, want) -> {
            double[] got = Reference.doubles(compiled.output(label), traced.dtype(label), want.length);
            assertWithin(c.bound(), want, got, products.get(label), c.name() + ", " + label + " on " + device);
        });
    }

    private static void assertWithin(OpCase.Bound bound, double[] want, double[] got, double[] products, String what) {
        double error = 0;
        double norm = 0;
        for (int i = 0; i < want.length; i++) {
            if (Double.isNaN(want[i]) && Double.isNaN(got[i]) || want[i] == got[i]) {
                norm += Double.isFinite(want[i]) ? want[i] * want[i] : 0;
                continue;
            }
            double e = Math.abs(want[i] - got[i]);
            assertTrue(Double.isFinite(e), what + "[" + i + "]: expected " + want[i] + ", got " + got[i]);
            if (products != null) {
                assertTrue(
                        e <= bound.perProduct() * 0x1p-24 * products[i] + Float.MIN_NORMAL,
                        what + "[" + i + "]: expected " + want[i] + ", got " + got[i] + ", Σ|x·w| is " + products[i]);
            }
            error += e * e;
            norm += want[i] * want[i];
        }
        double relative = error == 0 ? 0 : Math.sqrt(error / norm);
        assertTrue(
                relative <= bound.relativeL2(),
                what + ": relative L2 error " + relative + ", allowed " + bound.relativeL2());
    }

    /// What a case leaves out of comparison must have nothing to compare: integers come out, or the rule refuses, or
    /// it gives none and nothing changes with the operands.
    private static void noGradient(OpCase c) {
        Traced traced = Traced.of(c);
        if (traced.dtype("value") != DType.F32 || refusesGradient(c)) {
            return;
        }
        double[] value = traced.valueWith("", 0, 0);
        for (int i = 0; i < c.inputs().size(); i++) {
            double[] in = traced.inputs().get("in" + i);
            for (int e = 0; e < in.length && c.inputs().get(i).dtype() == DType.F32; e += Math.max(1, in.length / 12)) {
                assertArrayEquals(
                        value,
                        traced.valueWith("in" + i, e, in[e] + 1e-9),
                        c.name() + " has a gradient: fill input " + i + " with NORMAL, so that it is compared");
            }
        }
    }

    private static boolean refusesGradient(OpCase c) {
        try {
            Program.trace(c.name(), p -> {
                Tensor[] in = new Tensor[c.inputs().size()];
                for (int i = 0; i < in.length; i++) {
                    in[i] = p.input(
                            "in" + i,
                            c.inputs().get(i).shape(),
                            c.inputs().get(i).dtype());
                }
                Gradients.of(
                        c.function().apply(in).sum(),
                        Stream.of(in).filter(t -> t.dtype() == DType.F32).toArray(Tensor[]::new));
            });
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }

    /// Checks up to 12 elements of each input; every element of small ones.
    private static void centralDifferences(OpCase c) {
        Traced traced = Traced.of(c);
        if (traced.graph().outputs().get("value").dtype() != DType.F32) {
            return; // integers have no derivative, and nothing asks for one
        }
        Map<String, double[]> gradients = new Reference().run(traced.graph(), traced.inputs());
        for (int i = 0; i < c.inputs().size(); i++) {
            if (!c.inputs().get(i).differentiable() || c.inputs().get(i).shape().size() == 0) {
                continue;
            }
            double[] gradient = gradients.get("gradient" + i);
            assertNotNull(gradient, c.name() + ": there is no gradient of input " + i);
            assertTrue(
                    Graph.reachable(List.of(traced.graph().outputs().get("gradient" + i)))
                            .contains(traced.graph().inputs().get("weights")),
                    c.name() + ": no rule gives a gradient of input " + i
                            + "; if there is none, fill it with CONSTANT");
            int stride = Math.max(1, gradient.length / 12);
            for (int e = 0; e < gradient.length; e += stride) {
                double x = traced.inputs().get("in" + i)[e];
                double h = 1e-4 * Math.max(1, Math.abs(x));
                double up = traced.lossWith("in" + i, e, x + h);
                double down = traced.lossWith("in" + i, e, x - h);
                double numeric = (up - down) / (2 * h);
                double tolerance = 1e-5 * (Math.abs(numeric) + Math.abs(gradient[e])) + 1e-6 * (1 + Math.abs(up));
                assertEquals(numeric, gradient[e], tolerance, c.name() + ": d loss / d input " + i + "[" + e + "]");
            }
        }
    }

    private static void sameBits(OpCase c) {
        Traced traced = Traced.of(c);
        Map<String, byte[]> first = null;
        for (Device device : TestDevices.variants()) {
            Map<String, byte[]> bits = new LinkedHashMap<>();
            Compiled compiled = traced.on(device);
            traced.graph()
                    .outputs()
                    .keySet()
                    .forEach(label ->
                            bits.put(label, compiled.output(label).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE)));
            if (first == null) {
                first = bits;
            } else {
                for (String label : bits.keySet()) {
                    assertArrayEquals(first.get(label), bits.get(label), c.name() + ", " + label + " on " + device);
                }
            }
        }
    }

    /// A case as a program: outputs `value`, `loss = Σ value · weights` and `gradient0`, `gradient1`, ….
    public record Traced(Graph graph, Program program, Map<String, double[]> inputs) {
        /// Traces a case with its inputs, drawn from its name.
        public static Traced of(OpCase c) {
            Map<String, double[]> inputs = new LinkedHashMap<>();
            Philox draws = new Philox(c.name().hashCode(), 0, 0, 0);
            Program program = Program.trace(c.name(), p -> {
                Tensor[] in = new Tensor[c.inputs().size()];
                for (int i = 0; i < in.length; i++) {
                    OpCase.Input spec = c.inputs().get(i);
                    in[i] = p.input("in" + i, spec.shape(), spec.dtype());
                    inputs.put("in" + i, spec.values(draws));
                }
                Tensor value = c.function().apply(in);
                p.output("value", value);
                boolean differentiable =
                        value.dtype() == DType.F32 && c.inputs().stream().anyMatch(OpCase.Input::differentiable);
                if (!differentiable) {
                    return;
                }
                Tensor weights = p.input("weights", value.shape());
                inputs.put("weights", new OpCase.Input(value.shape(), OpCase.Fill.NORMAL, 0).values(draws));
                Tensor loss = value.multiply(weights).sum();
                List<Integer> wanted = new ArrayList<>();
                for (int i = 0; i < in.length; i++) {
                    if (c.inputs().get(i).differentiable()) {
                        wanted.add(i);
                    }
                }
                List<Tensor> gradients =
                        Gradients.of(loss, wanted.stream().map(i -> in[i]).toArray(Tensor[]::new));
                for (int k = 0; k < gradients.size(); k++) {
                    p.output("gradient" + wanted.get(k), gradients.get(k));
                }
            });
            return new Traced(program.graph(), program, inputs);
        }

        DType dtype(String output) {
            return graph.outputs().get(output).dtype();
        }

        /// Runs on a device.
        public Compiled on(Device device) {
            Compiled compiled = device.compile(program);
            inputs.forEach((label, values) -> Fed.doubles(compiled, graph, label, values));
            return compiled.run();
        }

        Map<String, double[]> absoluteInputs() {
            Map<String, double[]> absolute = new LinkedHashMap<>();
            inputs.forEach((label, values) -> absolute.put(
                    label, java.util.Arrays.stream(values).map(Math::abs).toArray()));
            return absolute;
        }

        /// The value with one element of an input changed, if there is such an input.
        double[] valueWith(String input, int element, double x) {
            Map<String, double[]> changed = new LinkedHashMap<>(inputs);
            if (changed.containsKey(input)) {
                double[] values = inputs.get(input).clone();
                values[element] = x;
                changed.put(input, values);
            }
            Graph forward = Graph.of(
                    graph.name(),
                    graph.inputs(),
                    Map.of("value", graph.outputs().get("value")),
                    Map.of());
            return new Reference().run(forward, changed).get("value");
        }

        double lossWith(String input, int element, double x) {
            double[] value = valueWith(input, element, x);
            double[] weights = inputs.get("weights");
            double loss = 0;
            for (int i = 0; i < value.length; i++) {
                loss += value[i] * weights[i];
            }
            return loss;
        }
    }
}
