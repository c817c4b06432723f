package org.jmoco.tensor.ops.norm;

import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;

/// Mean and biased variance of every channel, over the samples of each group and all positions.
///
/// | name | shape         | meaning                                                             |
/// |------|---------------|---------------------------------------------------------------------|
/// | x    | `[n, …, c]`   | features                                                            |
/// | y    | `[2, g, c]`   | `y[0]` means, `y[1]` variances `Σ(x − mean)² / m`, m values a group |
///
/// It is not differentiated by itself: the gradient of [BatchNorm] accounts for it.
public record BatchNormStatistics(BatchGroups groups) implements Op.NoGradient {
    @Override
    public Shape shapeOf(Shape... in) {
        Shape x = in[0];
        if (x.rank() < 2) {
            throw new ShapeException("batchNorm: expected [n, …, c], got " + x);
        }
        if (groups.samples(x.dim(0)) * x.size(1, x.rank() - 1) == 0) {
            throw new ShapeException("batchNorm: " + x + " holds no values to take statistics of");
        }
        return Shape.of(2, groups.count(), x.dim(-1));
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return 4.0 * in[0].size();
    }
}
