package org.jmoco.tensor.ops.elementwise;

import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.lanes.Lanes;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

/// Stretch by stretch: the sum is still in the first cache level when it is masked.
final class AddReluGradientJvm implements JvmKernel<AddReluGradient> {
    private static final int CHUNK = 16_384;
    private static final int STRETCH = 1_024;

    private final Lanes lanes = Lanes.best();

    @Override
    public void run(AddReluGradient op, Args args, Workers workers) {
        workers.forRange(args.outShape().size(), CHUNK, (from, to) -> {
            for (long at = from; at < to; at += STRETCH) {
                int n = (int) Math.min(STRETCH, to - at);
                lanes.add(args.in(0), at, args.in(1), at, args.out(), at, n);
                lanes.reluGradient(args.out(), at, args.in(2), at, args.out(), at, n);
            }
        });
    }

    @Override
    public OpExample example() {
        return OpExample.of(new AddReluGradient())
                .floats(4, 56, 56, 64)
                .floats(4, 56, 56, 64)
                .floats(4, 56, 56, 64);
    }
}
