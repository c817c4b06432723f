package org.jmoco.tensor.ops.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.jmoco.tensor.OpCase;
import org.jmoco.tensor.OpTest;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ZeroOutsideTest extends OpTest {
    @Override
    protected List<OpCase> cases() {
        return List.of(
                outside("three channels", Shape.of(4, 7, 6, 3), 9),
                outside("a tail after the vectors", Shape.of(2, 5, 4, 19), 6),
                OpCase.of(
                                "over what was computed",
                                in -> in[0].relu().zeroOutside(in[1]),
                                Shape.of(3, 4, 5, 9),
                                Shape.of(3, 2))
                        .fill(1, OpCase.Fill.INTEGERS, 6)
                        .within(OpCase.Bound.EXACT),
                outside("no images", Shape.of(0, 3, 3, 3), 3));
    }

    private static OpCase outside(String name, Shape x, int below) {
        return OpCase.of(name, in -> in[0].zeroOutside(in[1]), x, Shape.of(x.dim(0), 2))
                .fill(1, OpCase.Fill.INTEGERS, below)
                .within(OpCase.Bound.EXACT);
    }

    @Test
    void extentsOfOtherImagesAreRefused() {
        ShapeException e = assertThrows(
                ShapeException.class,
                () -> Tensor.zeros(Shape.of(2, 3, 3, 1)).zeroOutside(Tensor.of(Shape.of(1, 2), 1, 1)));
        assertEquals("zeroOutside: images [2, 3, 3, 1] want extents [2, 2], got [1, 2]", e.getMessage());
    }
}
