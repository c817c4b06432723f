package org.jmoco.tensor.ops.update;

import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.lanes.Lanes;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

final class MovingAverageJvm implements JvmKernel<MovingAverage> {
    private static final int CHUNK = 16_384;

    private final Lanes lanes = Lanes.best();

    @Override
    public void run(MovingAverage op, Args args, Workers workers) {
        float keep = op.keep();
        float take = op.take();
        workers.forRange(
                args.outShape().size(),
                CHUNK,
                (from, to) -> lanes.scaledAdd(
                        keep, args.in(0), from, take, args.in(1), from, args.out(), from, (int) (to - from)));
    }

    @Override
    public OpExample example() {
        return OpExample.of(new MovingAverage(0.999)).floats(1 << 20).floats(1 << 20);
    }
}
