package org.jmoco.tensor.ops.norm;

import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

/// Cuts NHWC data into the chunks over which batch norm adds: a stretch of one sample's rows, or a few whole
/// samples of a group where samples are small.
///
/// Chunks follow from the shape of one sample and its place in the group alone, so a group adds the same numbers
/// in the same order whatever other groups stand beside it. A chunk is small enough to stay in a core's cache
/// while it is read twice.
final class GroupChunksJvm {
    private static final int FLOATS = 16_384;
    /// At least so many rows: each chunk costs two vectors of partial sums.
    private static final int ROWS = 32;
    /// At most so many rows: they are added one after another in float32.
    private static final int MOST_ROWS = 512;

    /// Does something with rows of the matrix `[n·h·w, c]`.
    @FunctionalInterface
    interface Run {
        /// @param first element offset of the first row
        void accept(long first, int rows);
    }

    /// Does something with one chunk of a group.
    @FunctionalInterface
    interface Task {
        /// @param index the chunk's number over all groups
        void accept(int group, int chunk, int index);
    }

    private final BatchGroups groups;
    private final int batch;
    private final int samples;
    private final int sampleRows;
    private final int columns;
    private final int chunkRows;
    private final int chunkSamples;
    private final int pieces;
    private final int perGroup;

    GroupChunksJvm(BatchGroups groups, Shape x) {
        this.groups = groups;
        this.batch = x.dim(0);
        this.samples = groups.samples(batch);
        this.sampleRows = Math.toIntExact(x.size(1, x.rank() - 1));
        this.columns = x.dim(-1);
        this.chunkRows = Math.clamp(FLOATS / Math.max(1, columns), ROWS, MOST_ROWS);
        this.chunkSamples = Math.max(1, chunkRows / Math.max(1, sampleRows));
        this.pieces = Math.max(1, Math.ceilDiv(sampleRows, chunkRows));
        this.perGroup = pieces > 1 ? samples * pieces : Math.ceilDiv(samples, chunkSamples);
    }

    int groups() {
        return groups.count();
    }

    int columns() {
        return columns;
    }

    /// Chunks of one group.
    int perGroup() {
        return perGroup;
    }

    /// Rows of one group.
    long groupRows() {
        return (long) samples * sampleRows;
    }

    /// Rows of a chunk.
    int rows(int chunk) {
        if (pieces > 1) {
            return Math.min(chunkRows, sampleRows - chunk % pieces * chunkRows);
        }
        return Math.min(chunkSamples, samples - chunk * chunkSamples) * sampleRows;
    }

    /// Walks over a chunk's rows, in the fewest runs of neighbouring rows.
    void runs(int group, int chunk, Run body) {
        if (pieces > 1) {
            long row = (long) groups.sample(group, chunk / pieces, batch) * sampleRows
                    + (long) (chunk % pieces) * chunkRows;
            body.accept(row * columns, rows(chunk));
            return;
        }
        int from = chunk * chunkSamples;
        int count = Math.min(chunkSamples, samples - from);
        if (groups.count() == 1 || groups.order() == BatchGroups.Order.CONTIGUOUS) {
            body.accept((long) groups.sample(group, from, batch) * sampleRows * columns, count * sampleRows);
            return;
        }
        for (int i = from; i < from + count; i++) {
            body.accept((long) groups.sample(group, i, batch) * sampleRows * columns, sampleRows);
        }
    }

    /// As [#runs], at most `most` rows at a time.
    void stretches(int group, int chunk, int most, Run body) {
        runs(group, chunk, (at, rows) -> {
            for (int r = 0; r < rows; r += most) {
                body.accept(at + (long) r * columns, Math.min(most, rows - r));
            }
        });
    }

    /// Runs a task for every chunk of every group, in parallel.
    void forEach(Workers workers, Task task) {
        workers.forEach(groups.count() * perGroup, i -> task.accept(i / perGroup, i % perGroup, i));
    }
}
