package org.jmoco.tensor.ops.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Gradients;
import org.jmoco.tensor.OpCase;
import org.jmoco.tensor.OpTest;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;
import org.junit.jupiter.api.Test;

class SigmoidCrossEntropyTest extends OpTest {
    @Override
    protected List<OpCase> cases() {
        return List.of(
                OpCase.of(
                        "binary, soft targets",
                        in -> in[0].sigmoidCrossEntropy(in[1]),
                        Shape.of(3, 37),
                        Shape.of(3, 37)),
                OpCase.of(
                        "binary, large logits",
                        in -> in[0].multiply(20).sigmoidCrossEntropy(in[1]),
                        Shape.of(5, 5, 2),
                        Shape.of(5, 5, 2)),
                OpCase.of(
                                "binary, targets of 0 and 1",
                                in -> in[0].sigmoidCrossEntropy(in[1].cast(DType.F32)),
                                Shape.of(9_001),
                                Shape.of(9_001))
                        .fill(1, OpCase.Fill.INTEGERS, 2),
                OpCase.of("binary, nothing", in -> in[0].sigmoidCrossEntropy(in[1]), Shape.of(0), Shape.of(0)));
    }

    /// Composed of exponential and logarithm the first would be infinite and the others 0.
    @Test
    void farFromTheBorderLossesArePrecise() {
        Tensor x = Tensor.of(200f, -200f, 20f, -30f, 0f);
        Tensor t = Tensor.of(0f, 0f, 1f, 0f, 1f);
        float[] expected = {200f, 0f, (float) Math.log1p(Math.exp(-20)), (float) Math.exp(-30), (float) Math.log(2)};
        float[] actual = x.sigmoidCrossEntropy(t).toArray();
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], 4 * Math.ulp(expected[i]));
        }
        assertArrayEquals(
                new float[] {1, 0, -2.0611537e-9f, 9.357623e-14f, -0.5f},
                Gradients.of(x.sigmoidCrossEntropy(t).sum(), x).getFirst().toArray(),
                3e-9f);
    }

    @Test
    void asManyTargetsAsLogits() {
        ShapeException e = assertThrows(
                ShapeException.class, () -> Tensor.zeros(Shape.of(2)).sigmoidCrossEntropy(Tensor.zeros(Shape.of(3))));
        assertEquals("sigmoidCrossEntropy: logits [2] want as many targets, got [3]", e.getMessage());
    }
}
