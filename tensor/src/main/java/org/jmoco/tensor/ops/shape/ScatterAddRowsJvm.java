package org.jmoco.tensor.ops.shape;

import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.lanes.Lanes;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

/// Each task owns some rows of the result and walks over all row numbers, so that every row is added up in order
/// by one task.
final class ScatterAddRowsJvm implements JvmKernel<ScatterAddRows> {
    private static final int CHUNK = 16_384;
    /// Walking over the numbers costs every task the same, so they are few.
    private static final int MOST_TASKS = 16;

    private final Lanes lanes = Lanes.best();

    @Override
    public void run(ScatterAddRows op, Args args, Workers workers) {
        Shape x = args.shape(0);
        int m = x.dim(0);
        int row = Math.toIntExact(x.size(1, x.rank()));
        long own = Math.max(Math.max(1, CHUNK / Math.max(1, row)), Math.ceilDiv(op.count(), MOST_TASKS));
        for (int i = 0; i < m; i++) {
            RowNumbers.at(op.name(), args.in(1), i, op.count());
        }
        workers.forRange(op.count(), own, (from, to) -> {
            args.out()
                    .asSlice(from * row * Float.BYTES, (to - from) * row * Float.BYTES)
                    .fill((byte) 0);
            for (int i = 0; i < m; i++) {
                long r = RowNumbers.at(op.name(), args.in(1), i, op.count());
                if (r >= from && r < to) {
                    lanes.add(args.out(), r * row, args.in(0), (long) i * row, args.out(), r * row, row);
                }
            }
        });
    }

    @Override
    public OpExample example() {
        return OpExample.of(new ScatterAddRows(256)).floats(256, 128).integers(256, 256);
    }
}
