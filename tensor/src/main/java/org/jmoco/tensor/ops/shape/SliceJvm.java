package org.jmoco.tensor.ops.shape;

import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

final class SliceJvm implements JvmKernel<Slice> {
    @Override
    public void run(Slice op, Args args, Workers workers) {
        Shape x = args.shape(0);
        long inner = x.size(op.axis() + 1, x.rank()) * args.node().dtype().bytes();
        RowsJvm.copy(
                args.in(0),
                op.start() * inner,
                x.dim(op.axis()) * inner,
                args.out(),
                0,
                op.length() * inner,
                op.length() * inner,
                x.size(0, op.axis()),
                workers);
    }

    @Override
    public OpExample example() {
        return OpExample.of(new Slice(1, 1, 28)).floats(4, 56, 56, 64);
    }
}
