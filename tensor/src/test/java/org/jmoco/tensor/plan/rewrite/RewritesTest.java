package org.jmoco.tensor.plan.rewrite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Gradients;
import org.jmoco.tensor.Graph;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.TestDevices;
import org.jmoco.tensor.Trace;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.ops.norm.BatchGroups;
import org.jmoco.tensor.reference.Reference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RewritesTest {
    // ---- whole programs ----

    @ParameterizedTest
    @CsvSource({"1, CONTIGUOUS", "2, CONTIGUOUS", "2, INTERLEAVED"})
    void aResidualNetworkComputesTheSame(int count, BatchGroups.Order order) {
        Program program = ResidualNetwork.training(4, new BatchGroups(order, count));
        Map<String, double[]> inputs = ResidualNetwork.inputs(program);
        Map<String, double[]> expected = new Reference().run(program.graph(), inputs);
        Map<String, double[]> rewritten = new Reference().run(Rewrites.apply(program.graph()), inputs);
        Map<String, double[]> fast = run(TestDevices.all().getFirst(), program, inputs);
        Map<String, double[]> plain = run(TestDevices.unrewritten(), program, inputs);
        expected.forEach((label, want) -> {
            assertClose(1e-12, want, rewritten.get(label), label + ", rewritten, in float64");
            assertClose(1e-5, want, plain.get(label), label + ", as written");
            assertClose(1e-5, want, fast.get(label), label + ", rewritten");
        });
    }

    @Test
    void aResidualNetworkIsFused() {
        Graph graph = ResidualNetwork.training(4, BatchGroups.WHOLE).graph();
        Map<String, Integer> before = count(graph);
        Map<String, Integer> after = count(Rewrites.apply(graph));
        assertEquals(5, before.get("relu"));
        assertEquals(5, before.get("reluGradient"));
        assertEquals(null, after.get("relu"));
        assertEquals(1, after.get("reluGradient"), "the last block's, which both its branches need");
        assertEquals(
                2,
                after.get("addReluGradient"),
                "where the gradients of two readers meet: behind the stem and the first block");
        assertEquals(null, after.get("add"));
        assertEquals(before.get("batchNorm"), after.get("batchNorm"));
    }

    private static Map<String, double[]> run(Device device, Program program, Map<String, double[]> inputs) {
        Compiled compiled = device.compile(program);
        inputs.forEach((label, values) -> {
            if (program.graph().inputs().get(label).dtype() == DType.I32) {
                compiled.feed(
                        label,
                        java.util.Arrays.stream(values).mapToInt(v -> (int) v).toArray());
            } else {
                float[] floats = new float[values.length];
                for (int i = 0; i < floats.length; i++) {
                    floats[i] = (float) values[i];
                }
                compiled.feed(label, floats);
            }
        });
        compiled.run();
        Map<String, double[]> outputs = new TreeMap<>();
        program.graph()
                .outputs()
                .forEach((label, n) -> outputs.put(
                        label,
                        Reference.doubles(
                                compiled.output(label),
                                n.dtype(),
                                Math.toIntExact(n.shape().size()))));
        return outputs;
    }

    private static void assertClose(double relative, double[] want, double[] got, String what) {
        double error = 0;
        double norm = 0;
        for (int i = 0; i < want.length; i++) {
            error += (want[i] - got[i]) * (want[i] - got[i]);
            norm += want[i] * want[i];
        }
        assertTrue(
                Math.sqrt(error) <= relative * Math.sqrt(norm),
                what + ": relative L2 error " + Math.sqrt(error / norm));
    }

    // ---- single rules ----

    @Test
    void addingNothingDisappears() {
        assertEquals(
                Map.of("input", 1),
                ops((p, x) ->
                        x.add(Tensor.zeros(x.shape())).multiply(1).subtract(0).divide(1)));
        assertEquals(Map.of("input", 1), ops((p, x) -> Tensor.ones(Shape.of(4)).multiply(x)));
    }

    @Test
    void aNeutralOperandThatWidensStays() {
        Program program = program((p, x) -> x.add(Tensor.zeros(Shape.of(2, 3, 4))));
        assertEquals(
                Shape.of(2, 3, 4),
                Rewrites.apply(program.graph()).outputs().get("y").shape());
    }

    @Test
    void oneMinusXIsNotX() {
        assertEquals(
                Map.of("input", 1, "constant", 1, "subtract", 1),
                ops((p, x) -> Tensor.scalar(0).subtract(x)));
    }

    @Test
    void operandsAreNotWrittenOutRepeatedly() {
        assertEquals(
                Map.of("input", 2, "add", 1),
                ops((p, x) -> x.add(p.input("row", Shape.of(4)).broadcastTo(x.shape()))));
    }

    @Test
    void equalValuesAreComputedOnce() {
        assertEquals(
                Map.of("input", 1, "exp", 1, "constant", 1, "multiply", 1, "add", 1),
                ops((p, x) -> x.exp().multiply(3).add(x.exp().multiply(3))));
        assertEquals(
                2, ops((p, x) -> x.exp().multiply(3).add(x.exp().multiply(4))).get("multiply"));
    }

    @Test
    void inputsOfEqualShapeStayApart() {
        assertEquals(Map.of("input", 2, "add", 1), ops((p, x) -> x.add(p.input("other", x.shape()))));
    }

    @Test
    void biasesJoinTheirProduct() {
        assertEquals(
                Map.of("input", 2, "constant", 1, "matMul", 1),
                ops((p, x) -> x.matmul(p.input("w", Shape.of(4, 2))).add(Tensor.of(1, 2))));
        assertEquals(
                Map.of("input", 2, "constant", 1, "matMul", 1),
                ops((p, x) -> Tensor.of(1, 2).add(x.matmul(p.input("w", Shape.of(4, 2))))));
        assertEquals(
                1,
                ops((p, x) -> x.matmul(p.input("w", Shape.of(4, 2))).add(Tensor.of(Shape.of(3, 1), 1f, 2f, 3f)))
                        .get("add"),
                "one number a row is no bias");
    }

    @Test
    void aProductThatIsReadElsewhereKeepsItsBiasApart() {
        assertEquals(
                1,
                ops((p, x) -> {
                            Tensor y = x.matmul(p.input("w", Shape.of(4, 2)));
                            p.output("product", y);
                            return y.add(Tensor.of(1, 2));
                        })
                        .get("add"));
    }

    @Test
    void aBatchNormThatIsReadElsewhereKeepsItsReluApart() {
        Tensor c = Tensor.of(1, 2, 3, 4);
        assertEquals(
                1,
                ops((p, x) -> {
                            Tensor y = x.batchNormInference(c, c, c, c, 1e-5f);
                            p.output("normalized", y);
                            return y.relu();
                        })
                        .get("relu"));
        assertEquals(
                null,
                ops((p, x) -> x.batchNormInference(c, c, c, c, 1e-5f).relu()).get("relu"));
        assertEquals(
                Map.of("input", 2, "constant", 1, "batchNormInference", 1),
                ops((p, x) -> x.batchNormInference(c, c, c, c, 1e-5f)
                        .add(p.input("shortcut", x.shape()))
                        .relu()));
    }

    @Test
    void aMaskReadElsewhereStaysApart() {
        Tensor c = Tensor.of(1, 2, 3, 4);
        assertEquals(
                1,
                ops((p, x) -> Gradients.of(
                                        x.multiply(2)
                                                .batchNorm(c, c, BatchGroups.WHOLE, 1e-5f)
                                                .y()
                                                .add(x)
                                                .relu()
                                                .exp()
                                                .sum(),
                                        x)
                                .getFirst())
                        .get("reluGradient"));
        assertEquals(
                null,
                ops((p, x) -> Gradients.of(
                                        x.multiply(2)
                                                .batchNorm(c, c, BatchGroups.WHOLE, 1e-5f)
                                                .y()
                                                .relu()
                                                .exp()
                                                .sum(),
                                        x)
                                .getFirst())
                        .get("reluGradient"));
    }

    @Test
    void variablesKeepTheirOrder() {
        Variable v = Variable.of("v", Shape.of(2), 1, 2);
        Program program = Program.trace("order", p -> {
            Tensor before = v.read().multiply(1);
            v.assign(v.read().add(1).multiply(1));
            p.output("before", before.add(0));
            p.output("after", v.read());
        });
        for (Device device : TestDevices.variants()) {
            v.set(1, 2);
            Compiled compiled = device.compile(program).run();
            assertArrayEquals(new float[] {1, 2}, compiled.floats("before"));
            assertArrayEquals(new float[] {2, 3}, compiled.floats("after"));
            assertArrayEquals(new float[] {2, 3}, v.toArray());
        }
    }

    /// The ops of a rewritten program of the input `x` `[3, 4]` and the output `y`.
    private static Map<String, Integer> ops(BiFunction<Trace, Tensor, Tensor> body) {
        return count(Rewrites.apply(program(body).graph()));
    }

    private static Program program(BiFunction<Trace, Tensor, Tensor> body) {
        return Program.trace("rewritten", p -> {
            Tensor x = p.input("x", Shape.of(3, 4));
            p.output("y", body.apply(p, x));
        });
    }

    private static Map<String, Integer> count(Graph graph) {
        Map<String, Integer> ops = new TreeMap<>();
        graph.nodes().forEach(n -> ops.merge(n.op().name(), 1, Integer::sum));
        return ops;
    }
}
