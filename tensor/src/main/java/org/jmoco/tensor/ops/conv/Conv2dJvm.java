package org.jmoco.tensor.ops.conv;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.convolution.Convolution;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

final class Conv2dJvm implements JvmKernel<Conv2d> {
    private final Convolution convolution = new Convolution();

    @Override
    public void run(Conv2d op, Args args, Workers workers) {
        convolution.forward(
                workers,
                op.extents(args.shape(0), args.shape(1)),
                args.in(0),
                args.in(1),
                args.operands() > 2 ? args.in(2) : null,
                args.out());
    }

    /// The weights, packed.
    @Override
    public long workspace(Conv2d op, Node call) {
        return call.input(1).bytes();
    }

    @Override
    public OpExample example() {
        return OpExample.of(in -> Conv2d.of(1, in.get(1).rank() == 4 ? in.get(1).dim(0) / 2 : 0))
                .floats(4, 56, 56, 64)
                .floats(3, 3, 64, 64);
    }
}
