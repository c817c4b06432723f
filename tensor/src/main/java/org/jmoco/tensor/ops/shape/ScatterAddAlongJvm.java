package org.jmoco.tensor.ops.shape;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

/// Each task owns whole lines of the result.
final class ScatterAddAlongJvm implements JvmKernel<ScatterAddAlong> {
    private static final int CHUNK = 16_384;

    @Override
    public void run(ScatterAddAlong op, Args args, Workers workers) {
        Shape x = args.shape(0);
        long inner = x.size(op.axis() + 1, x.rank());
        long lineIn = x.dim(op.axis()) * inner;
        long lineOut = op.extent() * inner;
        workers.forRange(x.size(0, op.axis()), Math.max(1, CHUNK / Math.max(1, lineIn + lineOut)), (from, to) -> {
            args.out()
                    .asSlice(from * lineOut * Float.BYTES, (to - from) * lineOut * Float.BYTES)
                    .fill((byte) 0);
            for (long i = from * lineIn; i < to * lineIn; i++) {
                long at =
                        i / lineIn * lineOut + RowNumbers.at(op.name(), args.in(1), i, op.extent()) * inner + i % inner;
                args.out()
                        .setAtIndex(
                                JAVA_FLOAT,
                                at,
                                args.out().getAtIndex(JAVA_FLOAT, at)
                                        + args.in(0).getAtIndex(JAVA_FLOAT, i));
            }
        });
    }

    @Override
    public OpExample example() {
        return OpExample.of(new ScatterAddAlong(1, 1_000)).floats(256, 5).integers(1_000, 256, 5);
    }
}
