package org.jmoco.tensor.ops.reduce;

import java.lang.foreign.ValueLayout;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.lanes.Lanes;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

final class MaxJvm implements JvmKernel<Max> {
    private static final int CHUNK = 16_384;

    private final Lanes lanes = Lanes.best();

    @Override
    public void run(Max op, Args args, Workers workers) {
        Shape x = args.shape(0);
        int n = x.dim(op.axis());
        int inner = Math.toIntExact(x.size(op.axis() + 1, x.rank()));
        workers.forRange(x.size(0, op.axis()), Math.max(1, CHUNK / Math.max(1, n * inner)), (from, to) -> {
            for (long o = from; o < to; o++) {
                long at = o * n * inner;
                if (inner == 1) {
                    args.out().setAtIndex(ValueLayout.JAVA_FLOAT, o, lanes.max(args.in(0), at, n));
                    continue;
                }
                lanes.copy(args.in(0), at, args.out(), o * inner, inner);
                for (int r = 1; r < n; r++) {
                    lanes.max(args.out(), o * inner, args.in(0), at + (long) r * inner, args.out(), o * inner, inner);
                }
            }
        });
    }

    @Override
    public OpExample example() {
        return OpExample.of(new Max(1)).floats(4_096, 256);
    }
}
