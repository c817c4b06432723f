package org.jmoco.tensor.ops.shape;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

final class GatherAlongJvm implements JvmKernel<GatherAlong> {
    private static final int CHUNK = 16_384;

    @Override
    public void run(GatherAlong op, Args args, Workers workers) {
        Shape x = args.shape(0);
        int n = x.dim(op.axis());
        long inner = x.size(op.axis() + 1, x.rank());
        long line = args.outShape().dim(op.axis()) * inner;
        boolean words = args.node().dtype().bytes() == 4;
        workers.forRange(args.outShape().size(), CHUNK, (from, to) -> {
            for (long i = from; i < to; i++) {
                long at = (i / line * n + RowNumbers.at(op.name(), args.in(1), i, n)) * inner + i % inner;
                if (words) {
                    args.out().setAtIndex(JAVA_INT, i, args.in(0).getAtIndex(JAVA_INT, at));
                } else {
                    args.out().set(JAVA_BYTE, i, args.in(0).get(JAVA_BYTE, at));
                }
            }
        });
    }

    @Override
    public OpExample example() {
        return OpExample.of(new GatherAlong(1)).floats(256, 1_000).integers(1_000, 256, 5);
    }
}
