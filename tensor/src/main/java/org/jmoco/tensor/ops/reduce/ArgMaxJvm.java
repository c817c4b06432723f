package org.jmoco.tensor.ops.reduce;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.lanes.Lanes;
import org.jmoco.tensor.backend.jvm.runtime.Scratch;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

final class ArgMaxJvm implements JvmKernel<ArgMax> {
    private static final int CHUNK = 16_384;

    private final Lanes lanes = Lanes.best();

    @Override
    public void run(ArgMax op, Args args, Workers workers) {
        Shape x = args.shape(0);
        int n = x.dim(op.axis());
        int inner = Math.toIntExact(x.size(op.axis() + 1, x.rank()));
        workers.forRange(x.size(0, op.axis()), Math.max(1, CHUNK / Math.max(1, n * inner)), (from, to) -> {
            for (long o = from; o < to; o++) {
                if (inner == 1) {
                    args.out().setAtIndex(ValueLayout.JAVA_INT, o, first(args.in(0), o * n, n));
                } else {
                    columns(args, o, n, inner);
                }
            }
        });
    }

    private static int first(MemorySegment x, long at, int n) {
        int winner = 0;
        float best = x.getAtIndex(ValueLayout.JAVA_FLOAT, at);
        for (int i = 1; i < n && !Float.isNaN(best); i++) {
            float candidate = x.getAtIndex(ValueLayout.JAVA_FLOAT, at + i);
            if (candidate > best || Float.isNaN(candidate)) {
                best = candidate;
                winner = i;
            }
        }
        return winner;
    }

    private void columns(Args args, long o, int n, int inner) {
        MemorySegment best = Scratch.floats(Scratch.Slot.KERNEL_1, inner);
        long at = o * n * inner;
        lanes.copy(args.in(0), at, best, 0, inner);
        args.out()
                .asSlice(o * inner * Integer.BYTES, (long) inner * Integer.BYTES)
                .fill((byte) 0);
        for (int r = 1; r < n; r++) {
            lanes.maxAndWinner(r, args.in(0), at + (long) r * inner, best, 0, args.out(), o * inner, inner);
        }
    }

    @Override
    public OpExample example() {
        return OpExample.of(new ArgMax(1)).floats(4_096, 256);
    }
}
