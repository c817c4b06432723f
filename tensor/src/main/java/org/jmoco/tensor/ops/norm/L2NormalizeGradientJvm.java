package org.jmoco.tensor.ops.norm;

import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.lanes.Lanes;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

/// Rows in parallel, vectors along a row.
final class L2NormalizeGradientJvm implements JvmKernel<L2NormalizeGradient> {
    private final Lanes lanes = Lanes.best();

    @Override
    public void run(L2NormalizeGradient op, Args args, Workers workers) {
        int d = args.shape(0).dim(1);
        workers.forRange(args.shape(0).dim(0), Math.max(1, L2NormalizeJvm.CHUNK / Math.max(1, d)), (from, to) -> {
            for (long at = from * d; at < to * d; at += d) {
                float length = (float) Math.sqrt(lanes.sumOfSquares(args.in(1), at, d));
                if (length <= op.epsilon()) {
                    lanes.scale(1 / op.epsilon(), args.in(0), at, args.out(), at, d);
                } else {
                    float along = lanes.dot(args.in(2), at, args.in(0), at, d);
                    lanes.scaledAdd(1 / length, args.in(0), at, -along / length, args.in(2), at, args.out(), at, d);
                }
            }
        });
    }

    @Override
    public OpExample example() {
        return OpExample.of(new L2NormalizeGradient(1e-5f))
                .floats(256, 128)
                .floats(256, 128)
                .floats(256, 128);
    }
}
