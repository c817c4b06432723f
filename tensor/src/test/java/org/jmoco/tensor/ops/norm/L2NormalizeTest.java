package org.jmoco.tensor.ops.norm;

import static org.jmoco.tensor.OpCase.unary;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import org.jmoco.tensor.OpCase;
import org.jmoco.tensor.OpTest;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.junit.jupiter.api.Test;

class L2NormalizeTest extends OpTest {
    @Override
    protected List<OpCase> cases() {
        return List.of(
                unary("l2Normalize whole vectors", Tensor::l2Normalize, Shape.of(4, 128)),
                unary("l2Normalize a tail after the vectors", Tensor::l2Normalize, Shape.of(7, 129)),
                unary("l2Normalize narrower than one vector", Tensor::l2Normalize, Shape.of(5, 3)),
                unary("l2Normalize one row of two", Tensor::l2Normalize, Shape.of(1, 2)),
                unary("l2Normalize no rows", Tensor::l2Normalize, Shape.of(0, 8)),
                unary("l2Normalize rows below epsilon", x -> new L2Normalize(100).on(x), Shape.of(3, 20)));
    }

    @Test
    void aZeroRowStaysZero() {
        assertArrayEquals(
                new float[] {0, 0},
                Tensor.of(Shape.of(1, 2), 0f, 0f).l2Normalize().toArray());
    }
}
