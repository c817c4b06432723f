package org.jmoco.tensor.ops.loss;

import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.lanes.Lanes;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

final class SigmoidCrossEntropyGradientJvm implements JvmKernel<SigmoidCrossEntropyGradient> {
    private final Lanes lanes = Lanes.best();

    @Override
    public void run(SigmoidCrossEntropyGradient op, Args args, Workers workers) {
        workers.forRange(args.outShape().size(), SigmoidCrossEntropyJvm.CHUNK, (from, to) -> {
            int n = (int) (to - from);
            lanes.sigmoidMinus(args.in(0), from, args.in(1), from, args.out(), from, n);
            lanes.mul(args.out(), from, args.in(2), from, args.out(), from, n);
        });
    }

    @Override
    public OpExample example() {
        return OpExample.of(new SigmoidCrossEntropyGradient())
                .floats(4_096, 256)
                .floats(4_096, 256)
                .floats(4_096, 256);
    }
}
