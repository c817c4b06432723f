package org.jmoco.tensor.ops.elementwise;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.lanes.Lanes;
import org.jmoco.tensor.backend.jvm.runtime.Scratch;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

/// What JVM kernels of two broadcasting operands share: the walk over rows in which each operand either advances
/// with the output or stands still.
///
/// @param <O> the op
abstract class BinaryJvm<O extends Op> implements JvmKernel<O> {
    /// Elements of one task: large enough to hide the hand-over, small enough for the cache.
    private static final int CHUNK = 16_384;

    final Lanes lanes = Lanes.best();

    /// z = a ∘ b on rows of equal length.
    abstract void rows(MemorySegment a, long aAt, MemorySegment b, long bAt, MemorySegment z, long zAt, int n);

    @Override
    public void run(O op, Args args, Workers workers) {
        Broadcast walk = Broadcast.of(args.outShape(), args.shape(0), args.shape(1));
        int n = walk.rowLength();
        if (walk.rows() == 1) {
            workers.forRange(n, CHUNK, (from, to) -> row(args, walk, 0, (int) from, (int) (to - from)));
        } else {
            workers.forRange(walk.rows(), Math.max(1, CHUNK / Math.max(1, n)), (from, to) -> {
                for (long r = from; r < to; r++) {
                    row(args, walk, r, 0, n);
                }
            });
        }
    }

    private void row(Args args, Broadcast walk, long row, int from, int n) {
        MemorySegment a = args.in(0);
        MemorySegment b = args.in(1);
        long aAt = walk.offset(0, row);
        long bAt = walk.offset(1, row);
        if (walk.rowStride(0) == 1) {
            aAt += from;
        } else {
            a = repeated(a, aAt, n, Scratch.Slot.KERNEL_1);
            aAt = 0;
        }
        if (walk.rowStride(1) == 1) {
            bAt += from;
        } else {
            b = repeated(b, bAt, n, Scratch.Slot.KERNEL_2);
            bAt = 0;
        }
        rows(a, aAt, b, bAt, args.out(), row * walk.rowLength() + from, n);
    }

    private MemorySegment repeated(MemorySegment x, long at, int n, Scratch.Slot slot) {
        MemorySegment row = Scratch.floats(slot, n);
        lanes.fill(x.getAtIndex(ValueLayout.JAVA_FLOAT, at), row, 0, n);
        return row;
    }
}
