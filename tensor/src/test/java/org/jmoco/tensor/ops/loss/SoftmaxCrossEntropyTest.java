package org.jmoco.tensor.ops.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.jmoco.tensor.OpCase;
import org.jmoco.tensor.OpTest;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.junit.jupiter.api.Test;

class SoftmaxCrossEntropyTest extends OpTest {
    private static OpCase loss(String name, int n, int c) {
        return OpCase.of(name, in -> in[0].multiply(5).softmaxCrossEntropy(in[1]), Shape.of(n, c), Shape.of(n))
                .fill(1, OpCase.Fill.INTEGERS, c);
    }

    @Override
    protected List<OpCase> cases() {
        return List.of(
                loss("ten classes", 7, 10),
                loss("a tail after the vectors", 3, 37),
                loss("one class", 2, 1),
                loss("many classes", 2, 4_097),
                loss("no rows", 0, 5));
    }

    @Test
    void largeLogitsDoNotOverflow() {
        assertEquals(
                200f,
                Tensor.of(Shape.of(1, 2), 100f, -100f)
                        .softmaxCrossEntropy(Tensor.of(Shape.of(1), 1))
                        .toScalar());
    }

    @Test
    void aLabelOutOfRangeIsNamed() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> Tensor.zeros(Shape.of(2, 3))
                        .softmaxCrossEntropy(Tensor.of(Shape.of(2), 0, 3))
                        .toArray());
        assertEquals("softmaxCrossEntropy: the label of row 1 is 3, there are 3 classes (0 to 2)", e.getMessage());
    }
}
