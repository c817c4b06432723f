package org.jmoco.tensor.ops.norm;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.lanes.Columns;
import org.jmoco.tensor.backend.jvm.runtime.Scratch;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

/// One pass: `dx = dy·a + (x·b + d)` with three numbers a channel, made in double precision.
final class BatchNormInputGradientJvm implements JvmKernel<BatchNormInputGradient> {
    private final Columns columns = Columns.best();

    @Override
    public void run(BatchNormInputGradient op, Args args, Workers workers) {
        GroupChunksJvm chunks = new GroupChunksJvm(op.groups(), args.shape(1));
        int c = chunks.columns();
        int all = chunks.groups() * c;
        MemorySegment factors = factors(op, args, all, c, chunks.groupRows());
        MemorySegment dy = args.in(0);
        MemorySegment x = args.in(1);
        chunks.forEach(workers, (group, chunk, index) -> {
            long a = (long) group * c;
            long b = a + all;
            long d = b + all;
            chunks.runs(group, chunk, (at, rows) -> {
                if (op.relu()) {
                    columns.reluGradient(
                            dy, at, args.in(5), at, factors, a, x, at, factors, b, factors, d, args.out(), at, rows, c);
                } else {
                    columns.gradient(dy, at, factors, a, x, at, factors, b, factors, d, args.out(), at, rows, c);
                }
            });
        });
    }

    /// a, b and d, `[3, g, c]`.
    private static MemorySegment factors(BatchNormInputGradient op, Args args, int all, int c, double m) {
        MemorySegment factors = Scratch.floats(Scratch.Slot.PARTIAL_SUMS, 3L * all);
        MemorySegment statistics = args.in(3);
        MemorySegment sums = args.in(4);
        for (int i = 0; i < all; i++) {
            double mean = statistics.getAtIndex(JAVA_FLOAT, i);
            double scale = 1 / Math.sqrt(statistics.getAtIndex(JAVA_FLOAT, all + i) + (double) op.epsilon());
            double a = args.in(2).getAtIndex(JAVA_FLOAT, i % c) * scale;
            double b = -a * scale * sums.getAtIndex(JAVA_FLOAT, all + i) / m;
            factors.setAtIndex(JAVA_FLOAT, i, (float) a);
            factors.setAtIndex(JAVA_FLOAT, all + i, (float) b);
            factors.setAtIndex(JAVA_FLOAT, 2L * all + i, (float) (-a * sums.getAtIndex(JAVA_FLOAT, i) / m - b * mean));
        }
        return factors;
    }

    @Override
    public OpExample example() {
        return OpExample.of(new BatchNormInputGradient(BatchGroups.WHOLE, 1e-5f, true))
                .floats(4, 56, 56, 64)
                .floats(4, 56, 56, 64)
                .floats(64)
                .floats(2, 1, 64)
                .floats(2, 1, 64)
                .floats(4, 56, 56, 64);
    }
}
