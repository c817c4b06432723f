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

/// One pass; rows are added few at a time, as in [BatchNormStatisticsJvm], and chunks' sums are put together in
/// double precision.
final class BatchNormGradientSumsJvm implements JvmKernel<BatchNormGradientSums> {
    /// So many rows are added in float32 before their sum joins the chunk's.
    private static final int FEW = 16;

    private final Columns columns = Columns.best();
    private final Lanes lanes = Lanes.best();

    @Override
    public void run(BatchNormGradientSums op, Args args, Workers workers) {
        GroupChunksJvm chunks = new GroupChunksJvm(op.groups(), args.shape(1));
        int c = chunks.columns();
        MemorySegment dy = args.in(0);
        MemorySegment x = args.in(1);
        MemorySegment statistics = args.in(2);
        MemorySegment partial = Scratch.floats(Scratch.Slot.PARTIAL_SUMS, 2L * chunks.groups() * chunks.perGroup() * c);
        chunks.forEach(workers, (group, chunk, index) -> {
            long sum = 2L * index * c;
            long mean = (long) group * c;
            lanes.fill(0, partial, sum, 2 * c);
            MemorySegment few = Scratch.floats(Scratch.Slot.KERNEL_2, 2L * c);
            chunks.stretches(group, chunk, FEW, (at, rows) -> {
                lanes.fill(0, few, 0, 2 * c);
                if (op.relu()) {
                    columns.reluGradientSums(dy, at, args.in(3), at, x, at, statistics, mean, few, 0, few, c, rows, c);
                } else {
                    columns.gradientSums(dy, at, x, at, statistics, mean, few, 0, few, c, rows, c);
                }
                lanes.add(few, 0, partial, sum, partial, sum, 2 * c);
            });
        });
        PartialSumsJvm.forColumns(workers, chunks, (group, from, to) -> {
            double[] sum = PartialSumsJvm.total(chunks, partial, group, 0, from, to);
            double[] product = PartialSumsJvm.total(chunks, partial, group, 1, from, to);
            long first = (long) group * c + from;
            long second = (long) (chunks.groups() + group) * c + from;
            for (int i = 0; i < sum.length; i++) {
                double variance = statistics.getAtIndex(JAVA_FLOAT, second + i);
                args.out().setAtIndex(JAVA_FLOAT, first + i, (float) sum[i]);
                args.out()
                        .setAtIndex(JAVA_FLOAT, second + i, (float) (product[i] / Math.sqrt(variance + op.epsilon())));
            }
        });
    }

    @Override
    public OpExample example() {
        return OpExample.of(new BatchNormGradientSums(BatchGroups.WHOLE, 1e-5f, true))
                .floats(4, 56, 56, 64)
                .floats(4, 56, 56, 64)
                .floats(2, 1, 64)
                .floats(4, 56, 56, 64);
    }
}
