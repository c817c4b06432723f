package org.jmoco.tensor.ops.image;

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

class ResizeBilinearTest extends OpTest {
    private static OpCase resize(String name, int h, int w, boolean corners, Shape x) {
        return OpCase.unary(name + (corners ? " at the corners" : ""), in -> in.resizeBilinear(h, w, corners), x);
    }

    @Override
    protected List<OpCase> cases() {
        return List.of(
                resize("eight times as large", 40, 56, false, Shape.of(2, 5, 7, 3)),
                resize("eight times as large", 33, 49, true, Shape.of(1, 5, 7, 21)),
                resize("by no whole factor", 11, 10, false, Shape.of(1, 4, 7, 19)),
                resize("by no whole factor", 11, 10, true, Shape.of(1, 4, 7, 40)),
                resize("smaller", 3, 4, false, Shape.of(2, 10, 9, 5)),
                resize("smaller", 3, 4, true, Shape.of(2, 10, 9, 8)),
                resize("higher and narrower", 9, 2, false, Shape.of(1, 3, 13, 33)),
                resize("higher and narrower", 9, 2, true, Shape.of(1, 3, 13, 1)),
                resize("to one position", 1, 1, false, Shape.of(1, 6, 5, 2)),
                resize("to one position", 1, 1, true, Shape.of(1, 6, 5, 2)),
                resize("from one position", 4, 3, false, Shape.of(2, 1, 1, 9)),
                resize("from one position", 4, 3, true, Shape.of(2, 1, 1, 9)),
                resize("as large as before", 4, 5, false, Shape.of(1, 4, 5, 6)).within(OpCase.Bound.EXACT),
                resize("of no images", 4, 4, false, Shape.of(0, 2, 2, 3)));
    }

    /// The four values of PyTorch's documentation of `align_corners`.
    @Test
    void pyTorchsExample() {
        Tensor x = Tensor.of(Shape.of(1, 2, 2, 1), 1f, 2f, 3f, 4f);
        assertArrayEquals(
                new float[] {
                    1f, 1.25f, 1.75f, 2f, 1.5f, 1.75f, 2.25f, 2.5f, 2.5f, 2.75f, 3.25f, 3.5f, 3f, 3.25f, 3.75f, 4f
                },
                x.resizeBilinear(4, 4, false).toArray());
        assertArrayEquals(
                new float[] {1f, 1.5f, 2f, 2f, 2.5f, 3f, 3f, 3.5f, 4f},
                x.resizeBilinear(3, 3, true).toArray());
    }

    @Test
    void asLargeAsBeforeTakesNotAnEmptyImage() {
        ShapeException e = assertThrows(
                ShapeException.class, () -> Tensor.zeros(Shape.of(1, 0, 5, 3)).resizeBilinear(4, 4, false));
        assertEquals("resizeBilinear: images [1, 0, 5, 3] cannot become 4×4", e.getMessage());
    }
}
