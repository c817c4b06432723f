package org.jmoco.tensor.ops.norm;

import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;

/// The two sums in the gradient of [BatchNorm], for every group and channel.
///
/// | name       | shape       | meaning                                                       |
/// |------------|-------------|---------------------------------------------------------------|
/// | dy         | `[n, …, c]` | gradient of the output                                        |
/// | x          | as dy       | the operand of batch norm                                     |
/// | statistics | `[2, g, c]` | its statistics                                                |
/// | y          | as dy       | with `relu`: the output; dy counts only where it is positive  |
/// | sums       | `[2, g, c]` | `Σdy` and `Σ dy·(x − mean)/√(variance + epsilon)`             |
///
/// Sums are added in the order of the samples, in chunks fixed by the shape of one sample.
public record BatchNormGradientSums(BatchGroups groups, float epsilon, boolean relu) implements Op.NoGradient {
    @Override
    public Shape shapeOf(Shape... in) {
        return in[2];
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return 4.0 * in[0].size();
    }
}
