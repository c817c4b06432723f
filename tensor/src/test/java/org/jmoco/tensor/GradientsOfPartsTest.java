package org.jmoco.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import org.jmoco.tensor.ops.norm.BatchGroups;
import org.jmoco.tensor.random.Philox;
import org.junit.jupiter.api.Test;

/// Each part's gradients are those of a program that sees its samples alone, bit for bit, for every way in which
/// networks use parameters.
class GradientsOfPartsTest {
    private static final int PARTS = 3;
    private static final int SAMPLES = 4;
    private static final Shape VIEW = Shape.of(PARTS * SAMPLES, 5, 5, 3);

    private final Philox draws = new Philox(8, 0, 0, 0);
    private final Variable kernel = variable("kernel", 3, 3, 3, 6);
    private final Variable offset = variable("offset", 6);
    private final Variable gamma = variable("gamma", 6);
    private final Variable beta = variable("beta", 6);
    private final Variable weight = variable("weight", 6, 6);
    private final Variable turned = variable("turned", 2, 6);
    private final Variable bias = variable("bias", 2);
    private final Variable unused = variable("unused", 2);
    private final List<Variable> parameters = List.of(kernel, offset, gamma, beta, weight, turned, bias, unused);

    private Variable variable(String name, int... dims) {
        Shape shape = Shape.of(dims);
        return Variable.of(name, shape, values((int) shape.size()));
    }

    private float[] values(int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) draws.nextNormal();
        }
        return values;
    }

    /// `[parts]`: the mean loss of each part.
    private Tensor losses(Tensor x, int parts) {
        Tensor y = x.conv2d(kernel.read(), 1, 1)
                .add(offset.read())
                .batchNorm(gamma.read(), beta.read(), BatchGroups.contiguous(parts), 1e-5f)
                .y()
                .relu();
        Tensor features = y.globalAvgPool();
        features = features.matmul(weight.read())
                .add(features.matmul(weight.read()).relu()); // read twice
        Tensor logits = features.matmul(turned.read(), false, true).add(bias.read());
        Tensor labels = Tensor.of(Shape.of(x.shape().dim(0)), new int[x.shape().dim(0)]);
        return logits.softmaxCrossEntropy(labels).reshape(parts, SAMPLES).mean(1);
    }

    private void outputs(Trace p, List<List<Tensor>> gradients) {
        for (int part = 0; part < gradients.size(); part++) {
            for (int i = 0; i < parameters.size(); i++) {
                p.output(
                        parameters.get(i).name() + " " + part,
                        gradients.get(part).get(i));
            }
        }
    }

    @Test
    void everyPartHasTheBitsOfAProgramOfItsOwn() {
        float[] x = values((int) VIEW.size());
        Compiled all = Device.current().compile(Program.trace("all", p -> {
            Tensor loss = losses(p.input("x", VIEW), PARTS).sum();
            outputs(p, Gradients.ofParts(loss, parameters, PARTS));
        }));
        Compiled one = Device.current()
                .compile(Program.trace(
                        "one",
                        p -> outputs(
                                p,
                                List.of(Gradients.of(
                                        losses(p.input("x", VIEW.with(0, SAMPLES)), 1)
                                                .sum(),
                                        parameters)))));
        all.feed("x", x).run();
        int size = x.length / PARTS;
        for (int part = 0; part < PARTS; part++) {
            one.feed("x", Arrays.copyOfRange(x, part * size, (part + 1) * size)).run();
            for (Variable v : parameters) {
                assertArrayEquals(
                        one.floats(v.name() + " 0"), all.floats(v.name() + " " + part), v.name() + " of part " + part);
            }
        }
    }

    @Test
    void aUseWhoseGradientIsNoSumOverSamplesIsNamed() {
        var e = assertThrows(
                IllegalStateException.class,
                () -> Program.trace("scaled", p -> {
                    Tensor loss = losses(p.input("x", VIEW), PARTS)
                            .sum()
                            .add(unused.read().multiply(unused.read()).sum());
                    Gradients.ofParts(loss, parameters, PARTS);
                }));
        assertEquals(
                "gradients by parts: multiply[2] uses a variable in a way whose gradient is no sum over "
                        + "samples, but a multiply",
                e.getMessage());
    }

    @Test
    void partsThatDoNotDivideTheBatchAreRefused() {
        var e = assertThrows(
                ShapeException.class,
                () -> Program.trace("uneven", p -> {
                    Tensor loss =
                            p.input("x", Shape.of(4, 6)).matmul(weight.read()).sum();
                    Gradients.ofParts(loss, List.of(weight), 3);
                }));
        assertEquals("gradients by parts: a batch of 4 does not divide into 3 equal parts", e.getMessage());
    }
}
