package org.jmoco.tensor.ops.norm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.jmoco.tensor.OpCase;
import org.jmoco.tensor.OpTest;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.random.Philox;
import org.junit.jupiter.api.Test;

class BatchNormTest extends OpTest {
    private static final float EPSILON = 1e-5f;
    /// Sums over a batch with cancellation: the gradient subtracts its own mean.
    private static final OpCase.Bound SUMS = new OpCase.Bound(3e-6, 0);

    @Override
    protected List<OpCase> cases() {
        return List.of(
                batchNorm("whole batch", BatchGroups.WHOLE, Shape.of(3, 5, 4, 7)),
                batchNorm("vectors and a tail of channels", BatchGroups.WHOLE, Shape.of(2, 3, 3, 37)),
                batchNorm("rows instead of images", BatchGroups.WHOLE, Shape.of(150, 33)),
                batchNorm("samples larger than a chunk", BatchGroups.WHOLE, Shape.of(2, 67, 71, 8)),
                batchNorm("contiguous ranks", BatchGroups.contiguous(3), Shape.of(6, 4, 5, 9)),
                batchNorm("contiguous ranks of large samples", BatchGroups.contiguous(2), Shape.of(4, 50, 50, 16)),
                batchNorm("interleaved splits", BatchGroups.interleaved(4), Shape.of(8, 3, 3, 17)),
                batchNorm("interleaved splits of rows", BatchGroups.interleaved(2), Shape.of(90, 5)),
                batchNorm("interleaved splits of large samples", BatchGroups.interleaved(2), Shape.of(4, 47, 47, 9)),
                batchNorm("wide channels", BatchGroups.contiguous(2), Shape.of(4, 3, 3, 600)),
                fused("ReLU in the same kernel", BatchGroups.WHOLE, false, Shape.of(3, 5, 4, 19)),
                fused("ReLU in the same kernel, by groups", BatchGroups.interleaved(2), false, Shape.of(4, 5, 4, 19)),
                fused("residual and ReLU in the same kernel", BatchGroups.contiguous(2), true, Shape.of(4, 5, 3, 21)),
                inference("inference", false, false),
                inference("inference with ReLU", true, false),
                inference("inference with residual and ReLU", true, true));
    }

    private static OpCase batchNorm(String name, BatchGroups groups, Shape x) {
        Shape c = Shape.of(x.dim(-1));
        return OpCase.of(
                        "batch norm: " + name,
                        in -> in[0].batchNorm(in[1], in[2], groups, EPSILON).y(),
                        x,
                        c,
                        c)
                .within(SUMS);
    }

    private static OpCase fused(String name, BatchGroups groups, boolean residual, Shape x) {
        Shape c = Shape.of(x.dim(-1));
        BatchNorm op = new BatchNorm(groups, EPSILON, true);
        return OpCase.of(
                        "batch norm: " + name,
                        in -> {
                            Tensor statistics = new BatchNormStatistics(groups).on(in[0]);
                            return residual
                                    ? op.on(in[0], in[1], in[2], statistics, in[3])
                                    : op.on(in[0], in[1], in[2], statistics);
                        },
                        residual ? new Shape[] {x, c, c, x} : new Shape[] {x, c, c})
                .within(SUMS);
    }

    private static OpCase inference(String name, boolean relu, boolean residual) {
        Shape x = Shape.of(3, 4, 5, 19);
        Shape c = Shape.of(19);
        BatchNormInference op = new BatchNormInference(EPSILON, relu);
        return OpCase.of(
                        "batch norm: " + name,
                        in -> op.on(variancePositive(residual ? in : Arrays.copyOf(in, 5))),
                        x,
                        c,
                        c,
                        c,
                        c,
                        x)
                .fill(3, OpCase.Fill.CONSTANT)
                .fill(4, OpCase.Fill.CONSTANT)
                .fill(5, residual ? OpCase.Fill.NORMAL : OpCase.Fill.CONSTANT)
                .within(SUMS);
    }

    private static Tensor[] variancePositive(Tensor[] in) {
        Tensor[] all = in.clone();
        all[4] = in[4].multiply(in[4]).add(Tensor.scalar(0.5f));
        return all;
    }

    @Test
    void statisticsAreThoseOfTorch() {
        // torch.var_mean(x, unbiased=False) of [1, 2, 3, 10] and [0, 0, 4, 4]
        float[] s = new BatchNormStatistics(BatchGroups.WHOLE)
                .on(Tensor.of(Shape.of(4, 2), 1f, 0f, 2f, 0f, 3f, 4f, 10f, 4f))
                .toArray();
        assertArrayEquals(new float[] {4, 2, 12.5f, 4}, s);
    }

    @Test
    void aLargeMeanDoesNotSpoilTheVariance() {
        float[] x = values(40_000);
        double mean = 0;
        for (int i = 0; i < x.length; i++) {
            x[i] += 1000;
            mean += x[i] / (double) x.length;
        }
        double variance = 0;
        for (float v : x) {
            variance += (v - mean) * (v - mean) / x.length;
        }
        float[] s = new BatchNormStatistics(BatchGroups.WHOLE)
                .on(Tensor.of(Shape.of(x.length, 1), x))
                .toArray();
        assertEquals(mean, s[0], 1e-4);
        assertEquals(variance, s[1], 1e-5 * variance);
    }

    /// An error in a statistic moves a whole channel; PyTorch adds in float64.
    @Test
    void statisticsOfManyRowsAreNearlyThoseOfFloat64() {
        int rows = 512;
        int groups = 32;
        int channels = 16;
        float[] x = values(groups * rows * channels);
        float[] s = new BatchNormStatistics(BatchGroups.contiguous(groups))
                .on(Tensor.of(Shape.of(groups * rows, channels), x))
                .toArray();
        double[] squares = new double[2];
        for (int cell = 0; cell < groups * channels; cell++) {
            int first = cell / channels * rows * channels + cell % channels;
            double mean = 0;
            double variance = 0;
            for (int r = 0; r < rows; r++) {
                mean += x[first + r * channels] / (double) rows;
            }
            for (int r = 0; r < rows; r++) {
                variance += Math.pow(x[first + r * channels] - mean, 2) / rows;
            }
            squares[0] += Math.pow(s[cell] - mean, 2) / (groups * channels);
            squares[1] += Math.pow(s[groups * channels + cell] / variance - 1, 2) / (groups * channels);
        }
        assertTrue(
                Math.sqrt(squares[0]) < 1e-8,
                "typical error of a mean, in standard deviations: " + Math.sqrt(squares[0]));
        assertTrue(Math.sqrt(squares[1]) < 1.6e-7, "typical relative error of a variance: " + Math.sqrt(squares[1]));
    }

    @Test
    void aContiguousGroupHasTheBitsOfAProgramThatSeesItAlone() {
        Shape all = Shape.of(6, 5, 7, 11);
        float[] x = values(Math.toIntExact(all.size()));
        Shape one = all.with(0, 2);
        int size = Math.toIntExact(one.size());
        Tensor gamma = Tensor.of(values(11));
        Tensor beta = Tensor.of(values(11));
        float[] together = Tensor.of(all, x)
                .batchNorm(gamma, beta, BatchGroups.contiguous(3), EPSILON)
                .y()
                .toArray();
        for (int g = 0; g < 3; g++) {
            float[] alone = Tensor.of(one, Arrays.copyOfRange(x, g * size, (g + 1) * size))
                    .batchNorm(gamma, beta, BatchGroups.WHOLE, EPSILON)
                    .y()
                    .toArray();
            assertArrayEquals(alone, Arrays.copyOfRange(together, g * size, (g + 1) * size));
        }
    }

    @Test
    void theMeansOfGroupsAreRows() {
        BatchNormalized b = Tensor.of(Shape.of(4, 1), 1f, 3f, 5f, 9f)
                .batchNorm(Tensor.ones(Shape.of(1)), Tensor.zeros(Shape.of(1)), BatchGroups.interleaved(2), EPSILON);
        assertArrayEquals(new float[] {3, 6}, b.mean().toArray());
        assertArrayEquals(new float[] {4, 9}, b.variance().toArray());
    }

    @Test
    void batchesThatDoNotDivideAreNamed() {
        Tensor c = Tensor.ones(Shape.of(3));
        ShapeException e = assertThrows(
                ShapeException.class,
                () -> Tensor.zeros(Shape.of(7, 3)).batchNorm(c, c, BatchGroups.contiguous(2), EPSILON));
        assertEquals(
                "batchNorm: a batch of 7 does not divide into 2 equal groups; use a batch that is a multiple of 2",
                e.getMessage());
        assertThrows(
                ShapeException.class, () -> Tensor.zeros(Shape.of(0, 3)).batchNorm(c, c, BatchGroups.WHOLE, EPSILON));
        assertThrows(
                ShapeException.class, () -> Tensor.zeros(Shape.of(7, 4)).batchNorm(c, c, BatchGroups.WHOLE, EPSILON));
    }

    private static float[] values(int n) {
        Philox draws = new Philox(5, 0, 0, 0);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) draws.nextNormal();
        }
        return values;
    }
}
