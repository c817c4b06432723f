package org.jmoco.tensor.ops.shape;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

final class WriteSliceJvm implements JvmKernel<WriteSlice> {
    private static final long CHUNK = 1 << 20;

    @Override
    public void run(WriteSlice op, Args args, Workers workers) {
        Shape whole = args.shape(0);
        int n = args.shape(1).dim(0);
        int offset = args.in(2).get(ValueLayout.JAVA_INT, 0);
        if (offset < 0 || offset > whole.dim(0) - n) {
            throw new IndexOutOfBoundsException(
                    "writeSlice: " + n + " rows from row " + offset + " on do not fit into " + whole);
        }
        if (!args.inPlace()) {
            copy(args.in(0), args.out(), workers);
        }
        long row = whole.size(1, whole.rank()) * args.node().dtype().bytes();
        copy(args.in(1), args.out().asSlice(offset * row, n * row), workers);
    }

    private static void copy(MemorySegment x, MemorySegment y, Workers workers) {
        workers.forRange(x.byteSize(), CHUNK, (from, to) -> MemorySegment.copy(x, from, y, from, to - from));
    }

    @Override
    public OpExample example() {
        return OpExample.of(new WriteSlice())
                .floats(65_536, 128)
                .floats(256, 128)
                .integers(64);
    }
}
