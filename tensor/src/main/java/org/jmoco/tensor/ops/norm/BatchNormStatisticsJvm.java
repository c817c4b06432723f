package org.jmoco.tensor.ops.norm;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.lanes.Columns;
import org.jmoco.tensor.backend.jvm.lanes.Lanes;
import org.jmoco.tensor.backend.jvm.runtime.Scratch;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

/// One pass over memory: each chunk gives its sum and its squared deviations from its own mean (Chan, Golub and
/// LeVeque 1983, *Algorithms for computing the sample variance*), which are put together in double precision.
///
/// An error in a mean or a variance shifts a whole channel and does not average out: rows are added few at a time,
/// and then those sums, which keeps it at a quarter of what a plain loop over the chunk has.
final class BatchNormStatisticsJvm implements JvmKernel<BatchNormStatistics> {
    /// So many rows are added in float32 before their sum joins the chunk's.
    private static final int FEW = 16;

    private final Columns columns = Columns.best();
    private final Lanes lanes = Lanes.best();

    @Override
    public void run(BatchNormStatistics op, Args args, Workers workers) {
        GroupChunksJvm chunks = new GroupChunksJvm(op.groups(), args.shape(0));
        int c = chunks.columns();
        MemorySegment x = args.in(0);
        MemorySegment partial = Scratch.floats(Scratch.Slot.PARTIAL_SUMS, 2L * chunks.groups() * chunks.perGroup() * c);
        chunks.forEach(workers, (group, chunk, index) -> {
            long sum = 2L * index * c;
            MemorySegment mean = Scratch.floats(Scratch.Slot.KERNEL_1, c);
            lanes.fill(0, partial, sum, 2 * c);
            MemorySegment few = Scratch.floats(Scratch.Slot.KERNEL_2, c);
            chunks.stretches(group, chunk, FEW, (at, rows) -> {
                lanes.fill(0, few, 0, c);
                columns.sums(x, at, few, 0, rows, c);
                lanes.add(few, 0, partial, sum, partial, sum, c);
            });
            lanes.scale(1f / chunks.rows(chunk), partial, sum, mean, 0, c);
            chunks.stretches(group, chunk, FEW, (at, rows) -> {
                lanes.fill(0, few, 0, c);
                columns.squaredDeviations(x, at, mean, 0, few, 0, rows, c);
                lanes.add(few, 0, partial, sum + c, partial, sum + c, c);
            });
        });
        PartialSumsJvm.forColumns(
                workers, chunks, (group, from, to) -> combine(chunks, partial, group, from, to, args.out()));
    }

    private static void combine(
            GroupChunksJvm chunks, MemorySegment partial, int group, int from, int to, MemorySegment out) {
        int c = chunks.columns();
        double m = chunks.groupRows();
        double[] mean = PartialSumsJvm.total(chunks, partial, group, 0, from, to);
        double[] squares = PartialSumsJvm.total(chunks, partial, group, 1, from, to);
        for (int i = 0; i < mean.length; i++) {
            mean[i] /= m;
        }
        float[] sums = new float[mean.length];
        for (int chunk = 0; chunk < chunks.perGroup(); chunk++) {
            PartialSumsJvm.read(chunks, partial, group, chunk, 0, from, sums);
            double rows = chunks.rows(chunk);
            for (int i = 0; i < mean.length; i++) {
                double between = sums[i] / rows - mean[i];
                squares[i] += rows * between * between;
            }
        }
        for (int i = 0; i < mean.length; i++) {
            out.setAtIndex(JAVA_FLOAT, (long) group * c + from + i, (float) mean[i]);
            out.setAtIndex(JAVA_FLOAT, (long) (chunks.groups() + group) * c + from + i, (float) (squares[i] / m));
        }
    }

    @Override
    public OpExample example() {
        return OpExample.of(new BatchNormStatistics(BatchGroups.WHOLE)).floats(4, 56, 56, 64);
    }
}
