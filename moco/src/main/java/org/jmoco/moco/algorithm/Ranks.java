package org.jmoco.moco.algorithm;

import org.jmoco.nn.Mode;
import org.jmoco.tensor.ops.norm.BatchGroups;

/// How a batch is divided: what several processes would compute, on one device.
///
/// A rank holds neighbouring samples; batch norm takes its statistics a rank and keeps those of rank 0, as
/// data-parallel training does. Ranks are computed in parts of `atOnce`, and within a part as one batch, or one by
/// one where each is split further. No number depends on `atOnce`.
///
/// @param batch  samples a step
/// @param count  ranks
/// @param atOnce ranks computed together
/// @param splits groups of a rank's samples with statistics of their own: sample n is in group n mod splits
///     (SplitBatchNorm)
record Ranks(int batch, int count, int atOnce, int splits) {
    /// Samples of a rank.
    int size() {
        return batch / count;
    }

    /// Parts of a step.
    int parts() {
        return count / atOnce;
    }

    /// Samples of a part.
    int partSize() {
        return atOnce * size();
    }

    /// Ranks that go through the network as one batch, a block: interleaved groups within contiguous ones have no
    /// kernel.
    int inBlock() {
        return splits == 1 ? atOnce : 1;
    }

    /// Samples of a block.
    int blockSize() {
        return inBlock() * size();
    }

    /// Blocks of a part.
    int blocks() {
        return atOnce / inBlock();
    }

    /// Training a block.
    ///
    /// @param first whether it begins with rank 0, whose statistics are kept
    Mode training(boolean first) {
        return new Mode.Train(splits == 1 ? BatchGroups.contiguous(inBlock()) : BatchGroups.interleaved(splits), first);
    }
}
