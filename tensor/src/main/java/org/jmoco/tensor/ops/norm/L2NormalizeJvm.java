package org.jmoco.tensor.ops.norm;

import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.lanes.Lanes;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

/// Rows in parallel, vectors along a row.
final class L2NormalizeJvm implements JvmKernel<L2Normalize> {
    static final int CHUNK = 16_384;

    private final Lanes lanes = Lanes.best();

    @Override
    public void run(L2Normalize op, Args args, Workers workers) {
        int d = args.shape(0).dim(1);
        workers.forRange(args.shape(0).dim(0), Math.max(1, CHUNK / Math.max(1, d)), (from, to) -> {
            for (long at = from * d; at < to * d; at += d) {
                float length = (float) Math.sqrt(lanes.sumOfSquares(args.in(0), at, d));
                lanes.scale(1 / Math.max(length, op.epsilon()), args.in(0), at, args.out(), at, d);
            }
        });
    }

    @Override
    public OpExample example() {
        return OpExample.of(new L2Normalize(1e-5f)).floats(256, 128);
    }
}
