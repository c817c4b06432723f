package org.jmoco.nn;

import java.util.Optional;
import org.jmoco.tensor.ops.norm.BatchGroups;
import org.jmoco.tensor.ops.norm.RankExchange;

/// Whether a network is being trained or used. A traced program is one or the other, so the mode is an argument of
/// [Layer#forward] and not a switch inside the module: one program can train an encoder and another one evaluate
/// it.
public sealed interface Mode {
    /// As a trained network is used: batch norm takes its running statistics.
    Mode EVALUATE = new Evaluate();

    /// Training with batch statistics over the whole batch.
    Mode TRAIN = train(BatchGroups.WHOLE);

    /// Training with batch statistics in each group of the batch, see [BatchNorm2d].
    static Mode train(BatchGroups groups) {
        return new Train(groups, true);
    }

    /// Batch norm takes its running statistics, nothing in the network changes.
    record Evaluate() implements Mode {}

    /// Batch norm takes the statistics of the batch.
    ///
    /// @param groups          which samples share them
    /// @param keepsStatistics whether the running statistics move towards the batch's; false for those parts of a
    ///     batch, run one after another, whose statistics are not the ones kept
    /// @param ranks           with synchronised batch norm: where the ranks are, each a contiguous group, that
    ///     share the statistics of all of them. The batch is that of all processes then, and a program sees a
    ///     stretch of it
    record Train(BatchGroups groups, boolean keepsStatistics, Optional<RankExchange> ranks) implements Mode {
        public Train {
            if (ranks.isPresent() && groups.order() != BatchGroups.Order.CONTIGUOUS) {
                throw new IllegalArgumentException(
                        "synchronised batch norm: ranks are contiguous groups, got " + groups);
            }
        }

        public Train(BatchGroups groups, boolean keepsStatistics) {
            this(groups, keepsStatistics, Optional.empty());
        }
    }
}
