package org.jmoco.tensor.ops.norm;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

/// Pairs of column sums `[groups · chunks, 2, c]`, one a chunk, and their totals in double precision, in the order
/// of the chunks.
final class PartialSumsJvm {
    private static final int COLUMNS = 64;

    private PartialSumsJvm() {}

    /// Does something with a stretch of a group's columns.
    @FunctionalInterface
    interface Stretch {
        void accept(int group, int from, int to);
    }

    /// Cuts every group's columns into stretches and runs `body` for each, in parallel.
    static void forColumns(Workers workers, GroupChunksJvm chunks, Stretch body) {
        int stretches = Math.ceilDiv(chunks.columns(), COLUMNS);
        workers.forEach(chunks.groups() * stretches, i -> {
            int from = i % stretches * COLUMNS;
            body.accept(i / stretches, from, Math.min(chunks.columns(), from + COLUMNS));
        });
    }

    /// The total over a group's chunks of sum `which` (0 or 1), for columns `from` to `to`.
    static double[] total(GroupChunksJvm chunks, MemorySegment partial, int group, int which, int from, int to) {
        double[] total = new double[to - from];
        float[] some = new float[total.length];
        for (int chunk = 0; chunk < chunks.perGroup(); chunk++) {
            read(chunks, partial, group, chunk, which, from, some);
            for (int i = 0; i < total.length; i++) {
                total[i] += some[i];
            }
        }
        return total;
    }

    /// Sum `which` of a chunk, for as many columns as `to` holds. Loops over arrays become vectors.
    static void read(
            GroupChunksJvm chunks, MemorySegment partial, int group, int chunk, int which, int from, float[] to) {
        long at = (2L * (group * chunks.perGroup() + chunk) + which) * chunks.columns() + from;
        MemorySegment.copy(partial, JAVA_FLOAT, at * Float.BYTES, to, 0, to.length);
    }
}
