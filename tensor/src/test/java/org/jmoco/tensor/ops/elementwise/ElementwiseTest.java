package org.jmoco.tensor.ops.elementwise;

import static org.jmoco.tensor.OpCase.of;
import static org.jmoco.tensor.OpCase.unary;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.jmoco.tensor.OpCase;
import org.jmoco.tensor.OpTest;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ElementwiseTest extends OpTest {
    @Override
    protected List<OpCase> cases() {
        return List.of(
                of("add equal shapes", in -> in[0].add(in[1]), Shape.of(3, 37), Shape.of(3, 37)),
                of("add a row", in -> in[0].add(in[1]), Shape.of(2, 3, 5, 17), Shape.of(17)),
                of("add a column", in -> in[0].add(in[1]), Shape.of(4, 9), Shape.of(4, 1)),
                of("add the smaller on the left", in -> in[0].add(in[1]), Shape.of(1, 5), Shape.of(3, 5)),
                of("add both repeated", in -> in[0].add(in[1]), Shape.of(3, 1, 5), Shape.of(4, 1)),
                of("add a scalar", in -> in[0].add(in[1]), Shape.of(33), Shape.scalar()),
                of("add scalars", in -> in[0].add(in[1]), Shape.scalar(), Shape.scalar()),
                of("add nothing", in -> in[0].add(in[1]), Shape.of(0, 4), Shape.of(4)),
                of("add itself", in -> in[0].add(in[0]), Shape.of(19)),
                of("multiply equal shapes", in -> in[0].multiply(in[1]), Shape.of(7, 31), Shape.of(7, 31)),
                of("multiply inner axis repeated", in -> in[0].multiply(in[1]), Shape.of(2, 3, 4), Shape.of(2, 1, 4)),
                unary("relu", Tensor::relu, Shape.of(5, 41)),
                unary("relu over a large row", Tensor::relu, Shape.of(40_003)));
    }

    @Test
    void shapesThatDoNotBroadcastAreNamed() {
        ShapeException e = assertThrows(ShapeException.class, () -> Tensor.of(1, 2, 3).add(Tensor.of(1, 2)));
        assertEquals("add: [3] and [2] do not broadcast (extents 3 and 2, counted from the last axis: 1)", e.getMessage());
    }

    @Test
    void reluKeepsNaN() {
        assertArrayEquals(new float[] {0, Float.NaN, 2}, Tensor.of(-1, Float.NaN, 2).relu().toArray());
    }
}
