package org.jmoco.tensor.ops.shape;

import static org.jmoco.tensor.OpCase.of;
import static org.jmoco.tensor.OpCase.unary;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.Stream;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.OpCase;
import org.jmoco.tensor.OpCase.Bound;
import org.jmoco.tensor.OpCase.Fill;
import org.jmoco.tensor.OpTest;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ShapeOpsTest extends OpTest {
    @Override
    protected List<OpCase> cases() {
        Stream<OpCase> exact = Stream.of(slices(), concats(), permutations(), rows(), casts())
                .flatMap(c -> c)
                .map(c -> c.within(Bound.EXACT));
        return Stream.concat(exact, sharedParts()).toList();
    }

    private static Stream<OpCase> slices() {
        return Stream.of(
                unary("slice of the first axis", x -> x.slice(0, 2, 3), Shape.of(7, 5)),
                unary("slice of the first axis, computed operand", x -> x.relu().slice(0, 2, 3), Shape.of(7, 5)),
                unary("slice behind an axis of one", x -> x.slice(1, 1, 2), Shape.of(1, 4, 3)),
                unary("slice of the last axis", x -> x.slice(-1, 3, 9), Shape.of(3, 4, 17)),
                unary("slice of a middle axis", x -> x.slice(1, 5, 1), Shape.of(3, 6, 5)),
                unary("slice of a slice", x -> x.slice(0, 1, 4).slice(0, 2, 2), Shape.of(6, 3)),
                unary("slice of nothing", x -> x.slice(1, 4, 0), Shape.of(3, 4)),
                unary("slice of a large tensor", x -> x.slice(1, 1, 200), Shape.of(300, 202)),
                unary("slice of bytes", x -> x.slice(1, 1, 2), Shape.of(3, 5)).fill(0, Fill.BYTES),
                unary("slice of everything", x -> x.slice(1, 0, 4), Shape.of(3, 4)),
                unary("pad the first axis", x -> x.pad(0, 2, 3), Shape.of(3, 5)),
                unary("pad a middle axis", x -> x.pad(1, 1, 0), Shape.of(2, 3, 4)),
                unary("pad nothing", x -> x.pad(1, 2, 1), Shape.of(3, 0)));
    }

    private static Stream<OpCase> concats() {
        return Stream.of(
                of(
                        "concat along the first axis",
                        in -> Tensor.concat(0, in),
                        Shape.of(3, 5),
                        Shape.of(1, 5),
                        Shape.of(4, 5)),
                of(
                        "concat of computed parts",
                        in -> Tensor.concat(0, in[0].relu(), in[1].relu()),
                        Shape.of(3, 5),
                        Shape.of(4, 5)),
                of(
                        "concat of views",
                        in -> Tensor.concat(
                                0, in[0].relu().slice(0, 1, 2), in[0].relu().reshape(5, 3)),
                        Shape.of(5, 3)),
                of("concat behind an axis of one", in -> Tensor.concat(1, in), Shape.of(1, 2, 3), Shape.of(1, 4, 3)),
                of(
                        "concat along the last axis",
                        in -> Tensor.concat(-1, in),
                        Shape.of(3, 5),
                        Shape.of(3, 1),
                        Shape.of(3, 17)),
                of("concat with nothing", in -> Tensor.concat(1, in), Shape.of(3, 0), Shape.of(3, 2)),
                of("concat of one tensor", in -> Tensor.concat(0, in), Shape.of(3, 2)),
                of("concat of bytes", in -> Tensor.concat(1, in), Shape.of(3, 5), Shape.of(3, 2))
                        .fill(0, Fill.BYTES)
                        .fill(1, Fill.BYTES));
    }

    /// Their gradients are sums, so rounded.
    private static Stream<OpCase> sharedParts() {
        return Stream.of(
                of(
                        "concat of a part read elsewhere too",
                        in -> partReadLater(in[0].relu(), in[1]),
                        Shape.of(3, 5),
                        Shape.of(4, 5)),
                of("concat of one part twice", in -> twice(in[0].relu()), Shape.of(3, 5)),
                of(
                        "concat in concat",
                        in -> Tensor.concat(0, in[0].relu(), Tensor.concat(0, in[1].relu(), in[0])),
                        Shape.of(3, 5),
                        Shape.of(4, 5)));
    }

    private static Tensor partReadLater(Tensor part, Tensor other) {
        return Tensor.concat(0, part, other)
                .slice(0, 1, 3)
                .multiply(Tensor.scalar(2))
                .add(part.slice(0, 0, 1));
    }

    private static Tensor twice(Tensor x) {
        return Tensor.concat(0, x, x);
    }

    private static Stream<OpCase> permutations() {
        return Stream.of(
                unary("transpose", Tensor::transpose, Shape.of(37, 70)),
                unary("transpose a row", Tensor::transpose, Shape.of(1, 9)),
                unary("transpose nothing", Tensor::transpose, Shape.of(0, 9)),
                unary("transpose a large matrix", Tensor::transpose, Shape.of(131, 517)),
                unary("NHWC to NCHW", x -> x.permute(0, 3, 1, 2), Shape.of(2, 5, 7, 3)),
                unary("NCHW to NHWC", x -> x.permute(0, 2, 3, 1), Shape.of(2, 3, 5, 7)),
                unary("HWIO to OIHW", x -> x.permute(3, 2, 0, 1), Shape.of(3, 3, 5, 6)),
                unary("permute with the last axis kept", x -> x.permute(1, 0, 2), Shape.of(3, 4, 5)),
                unary("permute in reverse", x -> x.permute(3, 2, 1, 0), Shape.of(2, 3, 4, 5)),
                unary("permute with axes of one", x -> x.permute(2, 0, 3, 1), Shape.of(1, 3, 1, 4)),
                unary("permute axes counted from the end", x -> x.permute(-1, 0, 1), Shape.of(2, 3, 4)),
                unary("permute a scalar", Tensor::permute, Shape.scalar()),
                unary("permute bytes", x -> x.permute(2, 0, 1), Shape.of(5, 6, 3))
                        .fill(0, Fill.BYTES),
                unary("permute integers", x -> x.permute(1, 0), Shape.of(5, 6)).fill(0, Fill.INTEGERS, 100));
    }

    private static Stream<OpCase> rows() {
        return Stream.of(
                of("gather rows", in -> in[0].gatherRows(in[1]), Shape.of(9, 5), Shape.of(4))
                        .fill(1, Fill.PERMUTATION),
                of("gather scalars", in -> in[0].gatherRows(in[1]), Shape.of(9), Shape.of(9))
                        .fill(1, Fill.PERMUTATION),
                of("gather no rows", in -> in[0].gatherRows(in[1]), Shape.of(9, 2), Shape.of(0))
                        .fill(1, Fill.PERMUTATION),
                of("gather bytes", in -> in[0].gatherRows(in[1]), Shape.of(9, 2, 3), Shape.of(5))
                        .fill(0, Fill.BYTES)
                        .fill(1, Fill.PERMUTATION),
                of(
                                "gather and put back",
                                in -> in[0].gatherRows(in[1]).scatterAddRows(in[1], 11),
                                Shape.of(11, 7),
                                Shape.of(11))
                        .fill(1, Fill.PERMUTATION),
                of("scatter into more rows", in -> in[0].scatterAddRows(in[1], 20), Shape.of(6, 3, 2), Shape.of(6))
                        .fill(1, Fill.PERMUTATION),
                of(
                                "scatter over several tasks",
                                in -> in[0].scatterAddRows(in[1], 300),
                                Shape.of(300, 130),
                                Shape.of(300))
                        .fill(1, Fill.PERMUTATION),
                of(
                                "write a slice",
                                in -> in[0].writeSlice(in[1], in[2]),
                                Shape.of(9, 5),
                                Shape.of(3, 5),
                                Shape.scalar())
                        .fill(0, Fill.CONSTANT)
                        .fill(1, Fill.CONSTANT)
                        .fill(2, Fill.INTEGERS, 7),
                of(
                                "write a slice over what was computed",
                                in -> in[0].relu().writeSlice(in[1], in[2]),
                                Shape.of(9, 5),
                                Shape.of(3, 5),
                                Shape.of(1))
                        .fill(0, Fill.CONSTANT)
                        .fill(1, Fill.CONSTANT)
                        .fill(2, Fill.INTEGERS, 7),
                of("write all rows", in -> in[0].writeSlice(in[1], in[2]), Shape.of(3), Shape.of(3), Shape.scalar())
                        .fill(0, Fill.INTEGERS, 50)
                        .fill(1, Fill.INTEGERS, 50)
                        .fill(2, Fill.INTEGERS, 1));
    }

    private static Stream<OpCase> casts() {
        return Stream.of(
                unary("cast floats to integers", x -> x.multiply(1000).cast(DType.I32), Shape.of(3, 7)),
                unary("cast floats to bytes", x -> x.multiply(1000).cast(DType.U8), Shape.of(37)),
                unary("cast integers to floats", x -> x.cast(DType.F32), Shape.of(37))
                        .fill(0, Fill.INTEGERS, 1 << 30),
                unary("cast integers to bytes", x -> x.cast(DType.U8), Shape.of(37))
                        .fill(0, Fill.INTEGERS, 500),
                unary("cast bytes to floats", x -> x.cast(DType.F32), Shape.of(37))
                        .fill(0, Fill.BYTES),
                unary("cast bytes to integers", x -> x.cast(DType.I32), Shape.of(20_001))
                        .fill(0, Fill.BYTES),
                unary("cast to the same type", x -> x.cast(DType.F32), Shape.of(3)));
    }

    @Test
    void rowsPickedTwiceGetTheSum() {
        Tensor rows = Tensor.of(Shape.of(4), 2, 0, 2, 2);
        assertArrayEquals(
                new float[] {2, 0, 8, 0},
                Tensor.of(1, 2, 3, 4).scatterAddRows(rows, 4).toArray());
        assertArrayEquals(
                new float[] {30, 10, 30, 30},
                Tensor.of(10, 20, 30).gatherRows(rows).toArray());
    }

    @Test
    void castsClampToTheNewRange() {
        Tensor x = Tensor.of(-1.9f, 1.9f, 300, 3e9f, Float.NaN, Float.NEGATIVE_INFINITY);
        assertArrayEquals(
                new int[] {-1, 1, 300, Integer.MAX_VALUE, 0, Integer.MIN_VALUE},
                x.cast(DType.I32).toIntArray());
        assertArrayEquals(
                new int[] {0, 1, 255, 255, 0, 0},
                x.cast(DType.U8).cast(DType.I32).toIntArray());
    }

    @Test
    void mistakesAreExplained() {
        Tensor x = Tensor.zeros(Shape.of(3, 4));
        Tensor rows = Tensor.of(Shape.of(2), 0, 1);
        assertMessage("slice: positions 2 to 5 (exclusive) of axis 1 do not exist in [3, 4]", () -> x.slice(1, 2, 3));
        assertMessage("axis 2 does not exist in [3, 4]", () -> x.slice(2, 0, 1));
        assertMessage("pad: expected at least 0 positions on either side, got -1 and 0", () -> x.pad(0, -1, 0));
        assertMessage(
                "concat: tensors may differ along axis 1 only, got [3, 4] and [2, 4]",
                () -> Tensor.concat(1, x, Tensor.zeros(Shape.of(2, 4))));
        assertMessage("concat: tensors of F32 and I32; use cast", () -> Tensor.concat(0, Tensor.of(1, 2), rows));
        assertMessage("permute: [0, 0] is not an order of the axes of [3, 4]", () -> x.permute(0, 0));
        assertMessage("transpose: expected a matrix, got [2]", rows::transpose);
        assertMessage(
                "gatherRows: row numbers and positions must be I32, got F32", () -> x.gatherRows(Tensor.of(1, 2)));
        assertMessage("gatherRows: expected row numbers [m], got [3, 4]", () -> x.gatherRows(x));
        assertMessage("gatherRows: a scalar has no rows", () -> Tensor.scalar(1).gatherRows(rows));
        assertMessage("scatterAddRows: 3 rows in [3, 4], but 2 row numbers", () -> x.scatterAddRows(rows, 5));
        assertMessage("writeSlice: [2] are not rows of [3, 4]", () -> x.writeSlice(Tensor.of(1, 2), rows));
        assertMessage("writeSlice: expected one offset, got [2]", () -> x.writeSlice(x, rows));
    }

    private static void assertMessage(String message, Runnable mistake) {
        assertEquals(message, assertThrows(ShapeException.class, mistake::run).getMessage());
    }

    @Test
    void rowNumbersOutsideAreCaughtWhenTheProgramRuns() {
        Tensor x = Tensor.zeros(Shape.of(3, 4));
        assertOutside("gatherRows: number 1 is 3, expected 0 to 2", x.gatherRows(Tensor.of(Shape.of(2), 0, 3)));
        assertOutside(
                "scatterAddRows: number 0 is -1, expected 0 to 4",
                x.scatterAddRows(Tensor.of(Shape.of(3), -1, 0, 1), 5));
        assertOutside(
                "writeSlice: 2 rows from row 2 on do not fit into [3, 4]",
                x.writeSlice(Tensor.ones(Shape.of(2, 4)), Tensor.of(Shape.scalar(), 2)));
    }

    private static void assertOutside(String message, Tensor x) {
        assertEquals(
                message,
                assertThrows(IndexOutOfBoundsException.class, x::toArray).getMessage());
    }
}
