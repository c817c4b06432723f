package org.jmoco.tensor.ops.conv;

import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.convolution.Convolution;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

final class Conv2dWeightGradientJvm implements JvmKernel<Conv2dWeightGradient> {
    private final Convolution convolution = new Convolution();

    @Override
    public void run(Conv2dWeightGradient op, Args args, Workers workers) {
        convolution.weightGradient(
                workers, op.conv().extents(args.shape(0), op.weights()), args.in(0), args.in(1), args.out());
    }

    @Override
    public OpExample example() {
        return OpExample.of(in -> new Conv2dWeightGradient(
                        Conv2d.of(1, 1),
                        Shape.of(3, 3, in.get(0).dim(3), in.get(1).dim(3))))
                .floats(4, 56, 56, 64)
                .floats(4, 56, 56, 64);
    }
}
