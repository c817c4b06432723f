package org.jmoco.tensor.ops.reduce;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.lanes.Lanes;
import org.jmoco.tensor.backend.jvm.runtime.Scratch;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

/// `[outer, axis, inner]`: rows of `inner` are added into the output, or, when the axis is the last one, each row
/// is summed. A long axis is cut into fixed chunks whose sums are added in order.
final class SumJvm implements JvmKernel<Sum> {
    private static final int CHUNK = 4_096;
    /// Rows added one after another before a new sum begins; keeps the rounding error of long columns small.
    private static final int ROWS = 64;

    private final Lanes lanes = Lanes.best();

    @Override
    public void run(Sum op, Args args, Workers workers) {
        Shape x = args.shape(0);
        int axis = op.axis();
        long outer = x.size(0, axis);
        int n = x.dim(axis);
        int inner = Math.toIntExact(x.size(axis + 1, x.rank()));
        if (outer * inner == 0) {
            return;
        }
        int chunk = inner == 1 ? CHUNK : Math.clamp(CHUNK / inner, 1, ROWS);
        int chunks = Math.max(1, (n + chunk - 1) / chunk);
        MemorySegment partial = Scratch.floats(Scratch.Slot.PARTIAL_SUMS, outer * chunks * inner);
        workers.forEach(Math.toIntExact(outer * chunks), task -> {
            long o = task / chunks;
            int from = task % chunks * chunk;
            int to = Math.min(n, from + chunk);
            long at = (o * n + from) * inner;
            long sumAt = (long) task * inner;
            if (inner == 1) {
                partial.setAtIndex(ValueLayout.JAVA_FLOAT, sumAt, lanes.sum(args.in(0), at, to - from));
            } else {
                lanes.fill(0, partial, sumAt, inner);
                for (int r = from; r < to; r++, at += inner) {
                    lanes.add(args.in(0), at, partial, sumAt, partial, sumAt, inner);
                }
            }
        });
        workers.forRange(outer, Math.max(1, CHUNK / (inner * chunks)), (from, to) -> {
            for (long o = from; o < to; o++) {
                lanes.copy(partial, o * chunks * inner, args.out(), o * inner, inner);
                for (int c = 1; c < chunks; c++) {
                    lanes.add(partial, (o * chunks + c) * inner, args.out(), o * inner, args.out(), o * inner, inner);
                }
            }
        });
    }
}
