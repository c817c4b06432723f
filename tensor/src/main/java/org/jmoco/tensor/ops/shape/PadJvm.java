package org.jmoco.tensor.ops.shape;

import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

final class PadJvm implements JvmKernel<Pad> {
    @Override
    public void run(Pad op, Args args, Workers workers) {
        Shape y = args.outShape();
        long inner = y.size(op.axis() + 1, y.rank()) * args.node().dtype().bytes();
        long row = y.dim(op.axis()) * inner;
        long kept = args.shape(0).dim(op.axis()) * inner;
        long rows = y.size(0, op.axis());
        workers.forRange(rows, Math.max(1, (1 << 18) / Math.max(1, row)), (from, to) -> {
            for (long r = from; r < to; r++) {
                args.out().asSlice(r * row, op.before() * inner).fill((byte) 0);
                args.out()
                        .asSlice(r * row + op.before() * inner + kept, op.after() * inner)
                        .fill((byte) 0);
            }
        });
        RowsJvm.copy(args.in(0), 0, kept, args.out(), op.before() * inner, row, kept, rows, workers);
    }

    @Override
    public OpExample example() {
        return OpExample.of(new Pad(1, 1, 1)).floats(4, 56, 56, 64);
    }
}
