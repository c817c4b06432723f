package org.jmoco.tensor.ops.shape;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

final class GatherRowsJvm implements JvmKernel<GatherRows> {
    private static final long CHUNK = 1 << 18;

    @Override
    public void run(GatherRows op, Args args, Workers workers) {
        Shape x = args.shape(0);
        long row = x.size(1, x.rank()) * args.node().dtype().bytes();
        workers.forRange(args.shape(1).size(), Math.max(1, CHUNK / Math.max(1, row)), (from, to) -> {
            for (long i = from; i < to; i++) {
                MemorySegment.copy(
                        args.in(0), RowNumbers.at(op.name(), args.in(1), i, x.dim(0)) * row, args.out(), i * row, row);
            }
        });
    }

    @Override
    public OpExample example() {
        return OpExample.of(new GatherRows()).floats(256, 128).integers(256, 256);
    }
}
