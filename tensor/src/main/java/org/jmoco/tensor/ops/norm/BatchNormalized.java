package org.jmoco.tensor.ops.norm;

import org.jmoco.tensor.Tensor;

/// What batch norm gives: the normalised features and the statistics it took, from which a module keeps its
/// running ones.
///
/// @param y          as the features
/// @param statistics `[2, g, c]`, see [BatchNormStatistics]
public record BatchNormalized(Tensor y, Tensor statistics) {
    /// The mean of every group and channel, `[g, c]`.
    public Tensor mean() {
        return row(0);
    }

    /// The biased variance of every group and channel, `[g, c]`; times m/(m−1), with m values a group, it is unbiased.
    public Tensor variance() {
        return row(1);
    }

    private Tensor row(int i) {
        return statistics.slice(0, i, 1).reshape(statistics.shape().without(0));
    }
}
