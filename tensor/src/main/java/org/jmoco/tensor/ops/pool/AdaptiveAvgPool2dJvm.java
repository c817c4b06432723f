package org.jmoco.tensor.ops.pool;

import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

final class AdaptiveAvgPool2dJvm implements JvmKernel<AdaptiveAvgPool2d> {
    @Override
    public void run(AdaptiveAvgPool2d op, Args args, Workers workers) {
        AveragesJvm.covering(op, args.shape(0)).means(workers, args.in(0), args.shape(0), args.out(), args.outShape());
    }

    @Override
    public OpExample example() {
        return OpExample.of(new AdaptiveAvgPool2d(1, 1)).floats(4, 7, 7, 2_048);
    }
}
