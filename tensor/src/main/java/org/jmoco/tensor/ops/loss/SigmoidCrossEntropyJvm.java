package org.jmoco.tensor.ops.loss;

import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.lanes.Lanes;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

final class SigmoidCrossEntropyJvm implements JvmKernel<SigmoidCrossEntropy> {
    static final int CHUNK = 8_192;

    private final Lanes lanes = Lanes.best();

    @Override
    public void run(SigmoidCrossEntropy op, Args args, Workers workers) {
        workers.forRange(
                args.outShape().size(),
                CHUNK,
                (from, to) -> lanes.sigmoidCrossEntropy(
                        args.in(0), from, args.in(1), from, args.out(), from, (int) (to - from)));
    }

    @Override
    public OpExample example() {
        return OpExample.of(new SigmoidCrossEntropy()).floats(4_096, 256).floats(4_096, 256);
    }
}
