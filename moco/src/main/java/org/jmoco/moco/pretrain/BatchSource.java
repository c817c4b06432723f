package org.jmoco.moco.pretrain;

import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.LongFunction;
import org.jmoco.moco.algorithm.Pixels;

/// Where the batches of a run come from. Batch `step` is the same whenever it is asked for: after a resume, or
/// when a step is computed again to find a fault.
public interface BatchSource {
    /// What the views look like.
    Pixels pixels();

    /// Different images, or steps of ready-made views: what tells one data set from another of the same kind.
    int size();

    /// What tells these data from others of the same kind, wherever they lie.
    default String identity() {
        return Integer.toString(size());
    }

    /// Whole batches an epoch.
    int stepsPerEpoch();

    /// Batches from a step on.
    ///
    /// @param step         counted from 0 over the whole run
    /// @param permutations of the key views by step, for batches that do not bring their own
    Batches from(long step, LongFunction<int[]> permutations);

    /// Batches of which a process needs its own samples alone; the others may be anything.
    ///
    /// @param own the samples of a batch, from 0, that are needed
    default Batches from(long step, LongFunction<int[]> permutations, IntPredicate own) {
        return from(step, permutations);
    }

    /// Whether a run may go on with what could not be read so far on any process.
    ///
    /// @param unreadable messages as [Batches#unreadable] gives them
    /// @throws org.jmoco.nn.data.DataException if it may not
    default void requireReadable(Collection<String> unreadable) {}

    /// Two views of each image of a batch, and the order in which the key encoder sees them.
    @SuppressWarnings("ArrayRecordComponent") // a carrier of buffers, never compared
    record Views(MemorySegment query, MemorySegment key, int[] permutation) {}

    /// Batches in order. One thread may use them.
    interface Batches extends AutoCloseable {
        /// The next batch; the one before it is no longer valid.
        Views next();

        /// How long [#next] has waited in all.
        default long waitedMillis() {
            return 0;
        }

        /// Messages about images that could not be read and were replaced by others.
        default List<String> unreadable() {
            return List.of();
        }

        @Override
        default void close() {}
    }
}
