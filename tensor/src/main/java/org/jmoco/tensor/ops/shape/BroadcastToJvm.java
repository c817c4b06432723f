package org.jmoco.tensor.ops.shape;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.runtime.Workers;
import org.jmoco.tensor.ops.elementwise.Broadcast;

final class BroadcastToJvm implements JvmKernel<BroadcastTo> {
    @Override
    public void run(BroadcastTo op, Args args, Workers workers) {
        Broadcast walk = Broadcast.of(args.outShape(), args.shape(0));
        DType type = args.node().dtype();
        int n = walk.rowLength();
        if (args.out().byteSize() == 0) {
            return;
        }
        workers.forRange(walk.rows(), Math.max(1, 16_384 / n), (from, to) -> {
            for (long r = from; r < to; r++) {
                long x = walk.offset(0, r) * type.bytes();
                long y = r * n * type.bytes();
                if (walk.rowStride(0) == 1) {
                    MemorySegment.copy(args.in(0), x, args.out(), y, (long) n * type.bytes());
                } else {
                    repeat(args.in(0).asSlice(x, type.bytes()), args.out().asSlice(y, (long) n * type.bytes()));
                }
            }
        });
    }

    /// Fills `row` with one element by doubling what is there already.
    private static void repeat(MemorySegment element, MemorySegment row) {
        MemorySegment.copy(element, 0, row, 0, element.byteSize());
        for (long done = element.byteSize(); done < row.byteSize(); done *= 2) {
            MemorySegment.copy(row, 0, row, done, Math.min(done, row.byteSize() - done));
        }
    }

    @Override
    public OpExample example() {
        return OpExample.of(in -> new BroadcastTo(in.get(0).with(0, 4_096))).floats(1, 256);
    }
}
