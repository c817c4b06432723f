package org.jmoco.tensor.ops.matmul;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.jmoco.tensor.OpCase;
import org.jmoco.tensor.OpTest;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;
import org.junit.jupiter.api.Test;

class MatMulTest extends OpTest {
    private static OpCase product(String name, boolean transposeA, boolean transposeB, Shape a, Shape b) {
        return OpCase.of(name, in -> in[0].matmul(in[1], transposeA, transposeB), a, b)
                .within(OpCase.Bound.PRODUCT);
    }

    /// Operands that matrix units take.
    private static OpCase rounded(String name, boolean transposeA, boolean transposeB, Shape a, Shape b) {
        return OpCase.of(name, in -> in[0].roundBf16().matmul(in[1].roundBf16(), transposeA, transposeB), a, b)
                .fill(0, OpCase.Fill.CONSTANT)
                .fill(1, OpCase.Fill.CONSTANT)
                .within(new OpCase.Bound(3e-6, 0));
    }

    @Override
    protected List<OpCase> cases() {
        return List.of(
                product("odd sizes", false, false, Shape.of(17, 33), Shape.of(33, 41)),
                product("left transposed", true, false, Shape.of(19, 15), Shape.of(19, 35)),
                product("right transposed", false, true, Shape.of(13, 21), Shape.of(37, 21)),
                product("both transposed", true, true, Shape.of(9, 29), Shape.of(31, 9)),
                product("a long sum", false, true, Shape.of(3, 700), Shape.of(2, 700)),
                product("a sum in parts", false, false, Shape.of(20, 1_000), Shape.of(1_000, 33)),
                product("one element", false, false, Shape.of(1, 1), Shape.of(1, 1)),
                product("a row by a column", false, false, Shape.of(1, 50), Shape.of(50, 1)),
                product("a column by a row", false, false, Shape.of(20, 1), Shape.of(1, 70)),
                OpCase.of("bias", in -> new MatMul(false, true).on(in), Shape.of(7, 19), Shape.of(35, 19), Shape.of(35))
                        .within(new OpCase.Bound(3e-6, 0)),
                OpCase.of(
                                "bias of a sum in parts",
                                in -> new MatMul(true, true).on(in),
                                Shape.of(530, 17),
                                Shape.of(18, 530),
                                Shape.of(18))
                        .within(new OpCase.Bound(3e-6, 0)),
                OpCase.of(
                                "bias of rounded operands",
                                in -> new MatMul(false, false).on(in[0].roundBf16(), in[1].roundBf16(), in[2]),
                                Shape.of(21, 30),
                                Shape.of(30, 8),
                                Shape.of(8))
                        .fill(0, OpCase.Fill.CONSTANT)
                        .fill(1, OpCase.Fill.CONSTANT)
                        .within(new OpCase.Bound(3e-6, 0)),
                product("an empty sum of a tile", false, true, Shape.of(20, 0), Shape.of(30, 0)),
                OpCase.of(
                        "bias of an empty sum",
                        in -> new MatMul(false, false).on(in),
                        Shape.of(3, 0),
                        Shape.of(0, 2),
                        Shape.of(2)),
                rounded("rounded operands", false, false, Shape.of(144, 35), Shape.of(35, 152)),
                rounded("rounded operands, transposed", true, true, Shape.of(70, 16), Shape.of(8, 70)),
                rounded(
                        "rounded operands, rows beyond whole fragments",
                        false,
                        true,
                        Shape.of(37, 20),
                        Shape.of(24, 20)),
                rounded("rounded operands, a sum in parts", false, false, Shape.of(50, 1_100), Shape.of(1_100, 16)),
                product("no rows", false, false, Shape.of(0, 4), Shape.of(4, 3)),
                product("an empty sum", false, false, Shape.of(3, 0), Shape.of(0, 2)));
    }

    @Test
    void innerExtentsThatDifferAreNamed() {
        ShapeException e = assertThrows(
                ShapeException.class, () -> Tensor.zeros(Shape.of(2, 3)).matmul(Tensor.zeros(Shape.of(2, 3))));
        assertEquals("matmul: inner extents differ: [2, 3] · [2, 3]", e.getMessage());
    }
}
