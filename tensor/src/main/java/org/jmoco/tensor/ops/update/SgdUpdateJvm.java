package org.jmoco.tensor.ops.update;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.lanes.Lanes;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

final class SgdUpdateJvm implements JvmKernel<SgdUpdate> {
    private static final int CHUNK = 16_384;

    private final Lanes lanes = Lanes.best();

    @Override
    public void run(SgdUpdate op, Args args, Workers workers) {
        MemorySegment state = args.out();
        MemorySegment gradients = args.in(1);
        float learningRate = args.in(2).get(ValueLayout.JAVA_FLOAT, 0);
        if (!args.inPlace()) {
            workers.forRange(
                    args.shape(0).size(),
                    CHUNK,
                    (from, to) -> lanes.copy(args.in(0), from, state, from, (int) (to - from)));
        }
        long size = args.shape(0).size() / 2;
        long first = op.first();
        workers.forRange(
                args.shape(1).size(),
                CHUNK,
                (from, to) -> lanes.sgd(
                        learningRate,
                        op.momentum(),
                        op.weightDecay(),
                        op.nesterov(),
                        op.parts(),
                        gradients,
                        from,
                        state,
                        size + first + from,
                        state,
                        first + from,
                        (int) (to - from)));
    }

    @Override
    public OpExample example() {
        return OpExample.of(new SgdUpdate(0.9f, 1e-4f, false))
                .floats(1 << 21)
                .floats(1 << 20)
                .floats();
    }
}
