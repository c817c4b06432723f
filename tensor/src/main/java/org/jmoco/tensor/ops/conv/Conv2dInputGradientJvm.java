package org.jmoco.tensor.ops.conv;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.convolution.Convolution;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

final class Conv2dInputGradientJvm implements JvmKernel<Conv2dInputGradient> {
    private final Convolution convolution = new Convolution();

    @Override
    public void run(Conv2dInputGradient op, Args args, Workers workers) {
        convolution.inputGradient(
                workers, op.conv().extents(op.images(), args.shape(1)), args.in(0), args.in(1), args.out());
    }

    /// The weights, packed.
    @Override
    public long workspace(Conv2dInputGradient op, Node call) {
        return call.input(1).bytes();
    }

    @Override
    public OpExample example() {
        return OpExample.of(in -> new Conv2dInputGradient(
                        Conv2d.of(1, in.get(1).rank() == 4 ? in.get(1).dim(0) / 2 : 0),
                        in.get(0).with(3, in.get(1).dim(2))))
                .floats(4, 56, 56, 64)
                .floats(3, 3, 64, 64);
    }
}
