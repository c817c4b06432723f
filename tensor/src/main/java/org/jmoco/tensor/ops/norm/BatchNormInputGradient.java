package org.jmoco.tensor.ops.norm;

import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;

/// The gradient of [BatchNorm] with respect to its features, through the statistics as well.
///
/// | name       | shape       | meaning                                                      |
/// |------------|-------------|--------------------------------------------------------------|
/// | dy         | `[n, …, c]` | gradient of the output                                       |
/// | x          | as dy       | the operand of batch norm                                    |
/// | gamma      | `[c]`       | its scale                                                    |
/// | statistics | `[2, g, c]` | its statistics                                               |
/// | sums       | `[2, g, c]` | [BatchNormGradientSums]                                      |
/// | y          | as dy       | with `relu`: the output; dy counts only where it is positive |
/// | dx         | as dy       | `gamma/√(variance + epsilon) · (dy − sums[0]/m − x̂·sums[1]/m)`, m values a group |
public record BatchNormInputGradient(BatchGroups groups, float epsilon, boolean relu)
        implements Op.InPlace, Op.NoGradient {
    @Override
    public Shape shapeOf(Shape... in) {
        return in[0];
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return 4.0 * out.size();
    }
}
