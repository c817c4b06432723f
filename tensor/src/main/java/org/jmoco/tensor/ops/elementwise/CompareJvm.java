package org.jmoco.tensor.ops.elementwise;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

final class CompareJvm implements JvmKernel<Compare> {
    private static final int CHUNK = 16_384;

    @Override
    public void run(Compare op, Args args, Workers workers) {
        Broadcast walk = Broadcast.of(args.outShape(), args.shape(0), args.shape(1));
        DType type = args.node().input(0).dtype();
        int n = walk.rowLength();
        workers.forRange(args.outShape().size(), CHUNK, (from, to) -> {
            long i = from;
            while (i < to) {
                long row = i / n;
                long a = walk.offset(0, row);
                long b = walk.offset(1, row);
                for (int j = (int) (i % n); j < n && i < to; j++, i++) {
                    double x = element(type, args.in(0), a + (long) j * walk.rowStride(0));
                    double y = element(type, args.in(1), b + (long) j * walk.rowStride(1));
                    args.out()
                            .setAtIndex(ValueLayout.JAVA_FLOAT, i, op.relation().holds(x, y) ? 1 : 0);
                }
            }
        });
    }

    private static double element(DType type, MemorySegment x, long i) {
        return switch (type) {
            case F32 -> x.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            case I32 -> x.getAtIndex(ValueLayout.JAVA_INT, i);
            case U8 -> x.get(ValueLayout.JAVA_BYTE, i) & 0xFF;
        };
    }

    @Override
    public OpExample example() {
        return OpExample.of(new Compare(Compare.Relation.GREATER))
                .floats(4, 56, 56, 64)
                .floats(4, 56, 56, 64);
    }
}
