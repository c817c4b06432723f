package org.jmoco.tensor.ops.pool;

import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

final class AvgPool2dJvm implements JvmKernel<AvgPool2d> {
    @Override
    public void run(AvgPool2d op, Args args, Workers workers) {
        AveragesJvm.sliding(op.window(), args.shape(0))
                .means(workers, args.in(0), args.shape(0), args.out(), args.outShape());
    }

    @Override
    public OpExample example() {
        return OpExample.of(new AvgPool2d(new Pooling(2, 2, 0))).floats(4, 56, 56, 64);
    }
}
