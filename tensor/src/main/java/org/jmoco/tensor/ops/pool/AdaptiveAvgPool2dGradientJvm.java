package org.jmoco.tensor.ops.pool;

import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

final class AdaptiveAvgPool2dGradientJvm implements JvmKernel<AdaptiveAvgPool2dGradient> {
    @Override
    public void run(AdaptiveAvgPool2dGradient op, Args args, Workers workers) {
        AveragesJvm.covering(op.pool(), op.images())
                .spread(workers, args.in(0), args.shape(0), args.out(), op.images());
    }

    @Override
    public OpExample example() {
        return OpExample.of(in -> new AdaptiveAvgPool2dGradient(
                        new AdaptiveAvgPool2d(1, 1), in.get(0).with(1, 7).with(2, 7)))
                .floats(4, 1, 1, 2_048);
    }
}
