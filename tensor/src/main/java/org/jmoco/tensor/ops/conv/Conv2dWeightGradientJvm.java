package org.jmoco.tensor.ops.conv;

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
}
