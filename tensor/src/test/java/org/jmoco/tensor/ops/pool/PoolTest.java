package org.jmoco.tensor.ops.pool;

import static org.jmoco.tensor.OpCase.unary;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.jmoco.tensor.Gradients;
import org.jmoco.tensor.OpCase;
import org.jmoco.tensor.OpTest;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;
import org.junit.jupiter.api.Test;

class PoolTest extends OpTest {
    @Override
    protected List<OpCase> cases() {
        return List.of(
                unary("max 3×3 stride 2 padding 1", x -> x.maxPool2d(3, 2, 1), Shape.of(2, 9, 8, 19)),
                unary("max 2×2", x -> x.maxPool2d(2, 2, 0), Shape.of(1, 5, 7, 3)),
                unary("max over the image", x -> x.maxPool2d(4, 1, 0), Shape.of(2, 4, 4, 1)),
                unary("max of no images", x -> x.maxPool2d(2, 2, 0), Shape.of(0, 4, 4, 3)),
                unary("average with padding that counts", x -> x.avgPool2d(10, 10, 4), Shape.of(1, 28, 28, 5)),
                unary("average of windows that overlap", x -> x.avgPool2d(6, 1, 0), Shape.of(2, 7, 7, 33)),
                unary("average 3×3 stride 2 padding 1", x -> x.avgPool2d(3, 2, 1), Shape.of(1, 6, 5, 4)),
                unary("adaptive average that divides", x -> x.adaptiveAvgPool2d(2, 3), Shape.of(2, 4, 9, 5)),
                unary("adaptive average that overlaps", x -> x.adaptiveAvgPool2d(3, 4), Shape.of(1, 7, 7, 17)),
                unary("adaptive average to more than there are", x -> x.adaptiveAvgPool2d(3, 3), Shape.of(1, 2, 2, 2)),
                unary("global average", Tensor::globalAvgPool, Shape.of(3, 7, 5, 21)));
    }

    @Test
    void theFirstOfEqualMaximaGetsTheGradient() {
        Tensor x = Tensor.of(Shape.of(1, 2, 2, 1), 3f, 7f, 7f, 7f);
        assertArrayEquals(
                new float[] {0, 1, 0, 0},
                Gradients.of(x.maxPool2d(2, 2, 0).sum(), x).getFirst().toArray());
    }

    @Test
    void aMaximumOfNaNIsNaN() {
        assertArrayEquals(
                new float[] {Float.NaN},
                Tensor.of(Shape.of(1, 2, 2, 1), 0f, Float.NaN, 1f, 2f)
                        .maxPool2d(2, 2, 0)
                        .toArray());
    }

    @Test
    void windowsThatDoNotFitAreNamed() {
        ShapeException e = assertThrows(
                ShapeException.class, () -> Tensor.zeros(Shape.of(1, 2, 5, 3)).maxPool2d(3, 2, 0));
        assertEquals("maxPool2d: a window of 3×3 does not fit into images [1, 2, 5, 3] with padding 0", e.getMessage());
    }
}
