package org.jmoco.tensor.ops.reduce;

import static org.jmoco.tensor.OpCase.of;
import static org.jmoco.tensor.OpCase.unary;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.Stream;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.Gradients;
import org.jmoco.tensor.OpCase;
import org.jmoco.tensor.OpCase.Bound;
import org.jmoco.tensor.OpCase.Fill;
import org.jmoco.tensor.OpTest;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.TestDevices;
import org.junit.jupiter.api.Test;

class ReduceTest extends OpTest {
    @Override
    protected List<OpCase> cases() {
        return Stream.of(sums(), maxima(), picks()).flatMap(c -> c).toList();
    }

    private static Stream<OpCase> sums() {
        return Stream.of(
                unary("sum of everything", Tensor::sum, Shape.of(3, 5, 7)),
                unary("sum over the first axis", x -> x.sum(0), Shape.of(11, 19)),
                unary("sum over a middle axis", x -> x.sum(1), Shape.of(3, 6, 5)),
                unary("sum over the last axis", x -> x.sum(-1), Shape.of(4, 37)),
                unary("sum over many rows", x -> x.sum(0), Shape.of(9_001, 3)),
                unary("sum over a long row", x -> x.sum(0), Shape.of(20_001)),
                unary("sum over more rows", x -> x.sum(0), Shape.of(20_001, 2)),
                unary("sum over an empty axis", x -> x.sum(0), Shape.of(0, 3)),
                unary("sum over neighbouring axes", x -> x.sum(1, 2), Shape.of(3, 4, 5, 7)),
                unary("sum over axes apart", x -> x.sum(-1, 0, 2), Shape.of(3, 4, 5, 7)),
                unary("sum over no axes", x -> x.sum(new int[0]), Shape.of(3, 4)),
                unary("mean", Tensor::mean, Shape.of(6, 7)),
                unary("mean over an axis", x -> x.mean(0), Shape.of(6, 7)),
                unary("mean over the positions of images", x -> x.mean(1, 2), Shape.of(2, 5, 5, 19)));
    }

    private static Stream<OpCase> maxima() {
        return Stream.of(
                unary("max of everything", Tensor::max, Shape.of(3, 5, 7)),
                unary("max over the last axis", x -> x.max(-1), Shape.of(5, 37)),
                unary("max over the first axis", x -> x.max(0), Shape.of(5, 37)),
                unary("max over a middle axis", x -> x.max(1), Shape.of(3, 6, 5)),
                unary("max over one element", x -> x.max(1), Shape.of(4, 1, 3)),
                unary("max over a large tensor", x -> x.max(1), Shape.of(40, 600)),
                unary("max of nothing", x -> x.max(1), Shape.of(0, 3)),
                unary("position of the max in a row", x -> x.argMax(-1), Shape.of(5, 37)),
                unary("position of the max in a column", x -> x.argMax(0), Shape.of(37, 21)),
                unary("position of the max along a middle axis", x -> x.argMax(1), Shape.of(3, 6, 5)));
    }

    private static Stream<OpCase> picks() {
        return Stream.of(
                        unary("top 1", x -> x.topK(1), Shape.of(5, 37)),
                        unary("top 5", x -> x.topK(5), Shape.of(3, 4, 37)),
                        unary("top of all", x -> x.topK(17), Shape.of(3, 17)),
                        unary("top of many rows", x -> x.topK(3), Shape.of(1_500, 33)),
                        unary("top of a long row", x -> x.topK(200), Shape.of(1, 20_001)),
                        unary(
                                "top of equal elements",
                                x -> x.multiply(1e-30f).add(1).topK(4),
                                Shape.of(2, 9)),
                        unary("values of the top 4", x -> x.gatherAlong(-1, x.topK(4)), Shape.of(5, 37)),
                        of(
                                        "gather along the first axis",
                                        in -> in[0].gatherAlong(0, in[1]),
                                        Shape.of(6, 5),
                                        Shape.of(1, 5))
                                .fill(1, Fill.INTEGERS, 6),
                        of(
                                        "gather along a middle axis",
                                        in -> in[0].gatherAlong(1, in[1]),
                                        Shape.of(3, 6, 5),
                                        Shape.of(3, 1, 5))
                                .fill(1, Fill.INTEGERS, 6),
                        of(
                                        "gather bytes along the last axis",
                                        in -> in[0].gatherAlong(1, in[1]),
                                        Shape.of(3, 6),
                                        Shape.of(3, 9))
                                .fill(0, Fill.BYTES)
                                .fill(1, Fill.INTEGERS, 6),
                        of(
                                        "scatter along a middle axis",
                                        in -> in[0].scatterAddAlong(1, in[1], 9),
                                        Shape.of(3, 1, 5),
                                        Shape.of(3, 1, 5))
                                .fill(1, Fill.INTEGERS, 9))
                .map(c -> c.within(Bound.EXACT));
    }

    @Test
    void theFirstOfEqualElementsWins() {
        Tensor x = Tensor.of(Shape.of(2, 4), 1, 3, 3, 2, -0f, 0, -1, 0);
        assertArrayEquals(new int[] {1, 0}, x.argMax(1).toIntArray());
        assertArrayEquals(new int[] {1, 2, 0, 1}, x.topK(2).toIntArray());
        assertArrayEquals(
                new float[] {0, 1, 0, 0, 1, 0, 0, 0},
                Gradients.of(x.max(1).sum(), x).getFirst().toArray());
        assertArrayEquals(
                new int[] {0, 0, 0, 0}, Tensor.ones(Shape.of(2, 4)).argMax(0).toIntArray());
    }

    @Test
    void nanCountsAsTheLargest() {
        Tensor x = Tensor.of(Shape.of(1, 4), 1, Float.NaN, Float.POSITIVE_INFINITY, Float.NaN);
        assertArrayEquals(new int[] {1}, x.argMax(1).toIntArray());
        assertArrayEquals(new int[] {1, 3, 2, 0}, x.topK(4).toIntArray());
        assertArrayEquals(new float[] {Float.NaN}, x.max(1).toArray());
        Tensor rows = Tensor.concat(0, x, Tensor.of(Shape.of(1, 4), 2, 3, Float.NaN, Float.NaN));
        assertArrayEquals(new int[] {1, 0, 1, 0}, rows.argMax(0).toIntArray());
    }

    @Test
    void elementsAtOnePositionAreAddedInOrder() {
        Tensor positions = Tensor.of(Shape.of(1, 3), 1, 1, 1);
        assertArrayEquals(
                new float[] {0, 6},
                Tensor.of(Shape.of(1, 3), 1f, 2, 3)
                        .scatterAddAlong(1, positions, 2)
                        .toArray());
    }

    @Test
    void mistakesAreExplained() {
        Tensor x = Tensor.zeros(Shape.of(3, 4));
        assertMessage(
                "max: axis 1 of [3, 0] is empty",
                () -> Tensor.zeros(Shape.of(3, 0)).max(1));
        assertMessage("sum: axis -1 of [3, 4] is given twice", () -> x.sum(1, -1));
        assertMessage("axis 5 does not exist in [3, 4]", () -> x.mean(0, 5));
        assertMessage("topK: there are no 5 largest elements in the rows of [3, 4]", () -> x.topK(5));
        assertMessage(
                "gatherAlong: positions may differ from the tensor along axis 1 only, got [2, 1] for [3, 4]",
                () -> x.gatherAlong(1, Tensor.of(Shape.of(2, 1), 0, 0)));
        assertMessage(
                "scatterAddAlong: elements [3, 4], but positions [1]",
                () -> x.scatterAddAlong(1, Tensor.of(Shape.of(1), 0), 4));
        Tensor outside = x.gatherAlong(1, Tensor.of(Shape.of(3, 1), 0, 4, 0));
        assertEquals(
                "gatherAlong: number 1 is 4, expected 0 to 3",
                assertThrows(IndexOutOfBoundsException.class, outside::toArray).getMessage());
    }

    private static void assertMessage(String message, Runnable mistake) {
        assertEquals(message, assertThrows(ShapeException.class, mistake::run).getMessage());
    }

    /// Each addition in order leaves half a unit in the last place of what is there already; equal elements are the
    /// worst, since all roundings go the same way.
    @Test
    void sumsOverVeryLongAxesAreAsGoodAsShortOnes() {
        int n = 1 << 26;
        Program program = Program.trace("long sums", p -> {
            Tensor x = p.input("x", Shape.of(n));
            p.output("sum", x.sum());
            p.output("mean", x.mean());
            p.output("few columns", x.reshape(-1, 4).sum(0));
            p.output("many columns", x.reshape(-1, 64).sum(0));
        });
        try (Compiled compiled = TestDevices.jvm().compile(program)) {
            MemorySegment x = compiled.input("x");
            for (boolean equal : new boolean[] {true, false}) {
                double[] exact = new double[64];
                int state = 1;
                for (int i = 0; i < n; i++) {
                    state = state * 1_664_525 + 1_013_904_223;
                    float value = equal ? 0.1f : (state >>> 8) * 0x1p-24f;
                    x.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
                    exact[i % 64] += value;
                }
                compiled.run();
                assertColumns(exact, 1, compiled.floats("sum"));
                assertColumns(exact, 4, compiled.floats("few columns"));
                assertColumns(exact, 64, compiled.floats("many columns"));
                assertEquals(compiled.scalar("sum") / n, compiled.scalar("mean"));
            }
        }
    }

    private static void assertColumns(double[] exact, int columns, float[] found) {
        for (int c = 0; c < columns; c++) {
            double sum = 0;
            for (int i = c; i < exact.length; i += columns) {
                sum += exact[i];
            }
            assertEquals(sum, found[c], 1e-6 * sum, columns + " columns");
        }
    }
}
