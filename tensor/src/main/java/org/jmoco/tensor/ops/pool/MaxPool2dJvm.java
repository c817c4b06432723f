package org.jmoco.tensor.ops.pool;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.lanes.Lanes;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

/// One task a row of windows; the channels of a position are a row of floats.
final class MaxPool2dJvm implements JvmKernel<MaxPool2d> {
    private final Lanes lanes = Lanes.best();

    @Override
    public void run(MaxPool2d op, Args args, Workers workers) {
        Pooling window = op.window();
        Shape x = args.shape(0);
        Shape y = args.outShape();
        int c = x.dim(3);
        int w = x.dim(2);
        MemorySegment from = args.in(0);
        MemorySegment to = args.out();
        workers.forEach(y.dim(0) * y.dim(1), task -> {
            int oy = task % y.dim(1);
            long image = (long) (task / y.dim(1)) * x.dim(1) * w * c;
            for (int ox = 0; ox < y.dim(2); ox++) {
                long at = ((long) task * y.dim(2) + ox) * c;
                int left = window.from(ox);
                boolean first = true;
                for (int iy = window.from(oy); iy < window.to(oy, x.dim(1)); iy++) {
                    for (int ix = left; ix < window.to(ox, w); ix++) {
                        long source = image + ((long) iy * w + ix) * c;
                        if (first) {
                            lanes.copy(from, source, to, at, c);
                            first = false;
                        } else {
                            lanes.max(from, source, to, at, to, at, c);
                        }
                    }
                }
            }
        });
    }

    @Override
    public OpExample example() {
        return OpExample.of(new MaxPool2d(new Pooling(3, 2, 1))).floats(4, 112, 112, 64);
    }
}
