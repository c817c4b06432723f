package org.jmoco.tensor.ops.shape;

import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

final class ConcatJvm implements JvmKernel<Concat> {
    @Override
    public void run(Concat op, Args args, Workers workers) {
        Shape y = args.outShape();
        long inner = y.size(op.axis() + 1, y.rank()) * args.node().dtype().bytes();
        long row = y.dim(op.axis()) * inner;
        long at = 0;
        for (int i = 0; i < args.operands(); i++) {
            long part = args.shape(i).dim(op.axis()) * inner;
            RowsJvm.copy(args.in(i), 0, part, args.out(), at, row, part, y.size(0, op.axis()), workers);
            at += part;
        }
    }

    @Override
    public OpExample example() {
        return OpExample.of(new Concat(1)).floats(256, 64).floats(256, 64);
    }
}
