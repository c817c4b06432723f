package org.jmoco.tensor.ops.shape;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

final class CastJvm implements JvmKernel<Cast> {
    private static final int CHUNK = 16_384;

    @Override
    public void run(Cast op, Args args, Workers workers) {
        MemorySegment x = args.in(0);
        MemorySegment y = args.out();
        DType from = args.node().input(0).dtype();
        workers.forRange(args.outShape().size(), CHUNK, (first, end) -> {
            for (long i = first; i < end; i++) {
                switch (op.to()) {
                    case F32 ->
                        y.setAtIndex(
                                JAVA_FLOAT, i, from == DType.F32 ? x.getAtIndex(JAVA_FLOAT, i) : integer(from, x, i));
                    case I32 -> y.setAtIndex(JAVA_INT, i, integer(from, x, i));
                    case U8 -> y.set(JAVA_BYTE, i, (byte) Math.clamp(integer(from, x, i), 0, 255));
                }
            }
        });
    }

    private static int integer(DType from, MemorySegment x, long i) {
        return switch (from) {
            case F32 -> (int) x.getAtIndex(JAVA_FLOAT, i);
            case I32 -> x.getAtIndex(JAVA_INT, i);
            case U8 -> x.get(JAVA_BYTE, i) & 0xFF;
        };
    }

    @Override
    public OpExample example() {
        return OpExample.of(new Cast(DType.I32)).floats(1 << 20);
    }
}
