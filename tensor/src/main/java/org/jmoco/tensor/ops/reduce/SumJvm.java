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

/// `[outer, axis, inner]`: rows of `inner` are added into the output, or, when the axis is the last one, each row
/// is summed. A long axis is cut into fixed chunks, whose sums are added in order; if there are many, in float64, since
/// each addition in order leaves half a unit in the last place of what is there already.
final class SumJvm implements JvmKernel<Sum> {
    private static final int CHUNK = 4_096;
    private static final int PIECE = 512;
    /// Rows added one after another before a new sum begins; keeps the rounding error of long columns small.
    private static final int ROWS = 64;
    /// Chunks whose sums are added in float32.
    private static final int FEW = 128;
    /// Columns that one task adds up.
    private static final int STRIP = 64;

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
                float sum = chunks > FEW ? inPieces(args.in(0), at, to - from) : lanes.sum(args.in(0), at, to - from);
                partial.setAtIndex(ValueLayout.JAVA_FLOAT, sumAt, sum);
            } else {
                lanes.fill(0, partial, sumAt, inner);
                for (int r = from; r < to; r++, at += inner) {
                    lanes.add(args.in(0), at, partial, sumAt, partial, sumAt, inner);
                }
            }
        });
        if (chunks > FEW) {
            addMany(workers, partial, outer, chunks, inner, args.out());
            return;
        }
        workers.forRange(outer, Math.max(1, CHUNK / (inner * chunks)), (from, to) -> {
            for (long o = from; o < to; o++) {
                lanes.copy(partial, o * chunks * inner, args.out(), o * inner, inner);
                for (int c = 1; c < chunks; c++) {
                    lanes.add(partial, (o * chunks + c) * inner, args.out(), o * inner, args.out(), o * inner, inner);
                }
            }
        });
    }

    /// Of a very long sum also a chunk is added up in pieces: narrow vectors have few sums side by side, and each of
    /// them would be long.
    private float inPieces(MemorySegment x, long at, int n) {
        double sum = 0;
        for (int i = 0; i < n; i += PIECE) {
            sum += lanes.sum(x, at + i, Math.min(PIECE, n - i));
        }
        return (float) sum;
    }

    private static void addMany(
            Workers workers, MemorySegment partial, long outer, int chunks, int inner, MemorySegment y) {
        int strips = Math.ceilDiv(inner, STRIP);
        workers.forEach(Math.toIntExact(outer * strips), task -> {
            long o = task / strips;
            int first = task % strips * STRIP;
            double[] total = new double[Math.min(STRIP, inner - first)];
            for (int c = 0; c < chunks; c++) {
                long at = (o * chunks + c) * inner + first;
                for (int i = 0; i < total.length; i++) {
                    total[i] += partial.getAtIndex(ValueLayout.JAVA_FLOAT, at + i);
                }
            }
            for (int i = 0; i < total.length; i++) {
                y.setAtIndex(ValueLayout.JAVA_FLOAT, o * inner + first + i, (float) total[i]);
            }
        });
    }

    @Override
    public OpExample example() {
        return OpExample.of(new Sum(0)).floats(4_096, 256);
    }
}
