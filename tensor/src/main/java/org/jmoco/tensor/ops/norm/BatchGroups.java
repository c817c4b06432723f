package org.jmoco.tensor.ops.norm;

import org.jmoco.tensor.ShapeException;

/// Which samples of a batch share their batch-norm statistics.
///
/// With `CONTIGUOUS` group g holds the samples g·m … g·m+m−1: what process g of a data-parallel run holds. With
/// `INTERLEAVED` sample n is in group n mod count: the SplitBatchNorm of MoCo's CIFAR demo. A contiguous group's
/// statistics and gradients have the bits of a program that sees its samples alone.
///
/// @param count how many groups, at least 1; must divide the batch
public record BatchGroups(Order order, int count) {
    /// How groups lie in the batch.
    public enum Order {
        CONTIGUOUS,
        INTERLEAVED
    }

    /// One group: all samples.
    public static final BatchGroups WHOLE = new BatchGroups(Order.CONTIGUOUS, 1);

    public BatchGroups {
        if (count < 1) {
            throw new ShapeException("batch groups: expected at least 1 group, got " + count);
        }
    }

    /// `ranks` runs of neighbouring samples.
    public static BatchGroups contiguous(int ranks) {
        return new BatchGroups(Order.CONTIGUOUS, ranks);
    }

    /// Sample n in group n mod `splits`.
    public static BatchGroups interleaved(int splits) {
        return new BatchGroups(Order.INTERLEAVED, splits);
    }

    /// Samples of each group in a batch of `n`.
    ///
    /// @throws ShapeException if the groups do not divide the batch
    public int samples(int n) {
        if (n % count != 0) {
            throw new ShapeException("batchNorm: a batch of " + n + " does not divide into " + count
                    + " equal groups; use a batch that is a multiple of " + count);
        }
        return n / count;
    }

    /// The place in a batch of `n` of a group's `i`-th sample.
    public int sample(int group, int i, int n) {
        return order == Order.CONTIGUOUS ? group * samples(n) + i : i * count + group;
    }
}
