package org.jmoco.tensor.ops.pool;

import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

final class AvgPool2dGradientJvm implements JvmKernel<AvgPool2dGradient> {
    @Override
    public void run(AvgPool2dGradient op, Args args, Workers workers) {
        AveragesJvm.sliding(op.window(), op.images())
                .spread(workers, args.in(0), args.shape(0), args.out(), op.images());
    }

    @Override
    public OpExample example() {
        return OpExample.of(in -> new AvgPool2dGradient(
                        new Pooling(2, 2, 0),
                        in.get(0)
                                .with(1, 2 * in.get(0).dim(1))
                                .with(2, 2 * in.get(0).dim(2))))
                .floats(4, 28, 28, 64);
    }
}
