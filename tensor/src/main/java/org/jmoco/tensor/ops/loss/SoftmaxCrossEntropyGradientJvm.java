package org.jmoco.tensor.ops.loss;

import java.lang.foreign.ValueLayout;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.lanes.Lanes;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

final class SoftmaxCrossEntropyGradientJvm implements JvmKernel<SoftmaxCrossEntropyGradient> {
    private final Lanes lanes = Lanes.best();

    @Override
    public void run(SoftmaxCrossEntropyGradient op, Args args, Workers workers) {
        int c = args.outShape().dim(1);
        workers.forEach(args.outShape().dim(0), i -> {
            long at = (long) i * c;
            int label = SoftmaxCrossEntropyJvm.label(args.in(1), i, c);
            float dloss = args.in(2).getAtIndex(ValueLayout.JAVA_FLOAT, i);
            lanes.exp(lanes.max(args.in(0), at, c), args.in(0), at, args.out(), at, c);
            float sum = lanes.sum(args.out(), at, c);
            lanes.scale(dloss / sum, args.out(), at, args.out(), at, c);
            float right = args.out().getAtIndex(ValueLayout.JAVA_FLOAT, at + label);
            args.out().setAtIndex(ValueLayout.JAVA_FLOAT, at + label, right - dloss);
        });
    }

    @Override
    public OpExample example() {
        return OpExample.of(new SoftmaxCrossEntropyGradient())
                .floats(64, 1_000)
                .integers(2, 64)
                .floats(64);
    }
}
