package org.jmoco.tensor.ops.pool;

import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

final class AvgPool2dGradientJvm implements JvmKernel<AvgPool2dGradient> {
    @Override
    public void run(AvgPool2dGradient op, Args args, Workers workers) {
        AveragesJvm.sliding(op.window(), op.images())
                .spread(workers, args.in(0), args.shape(0), args.out(), op.images());
    }
}
