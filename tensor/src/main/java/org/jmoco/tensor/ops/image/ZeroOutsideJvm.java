package org.jmoco.tensor.ops.image;

import java.lang.foreign.ValueLayout;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.lanes.Lanes;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

/// Row by row: what lies inside is copied, the rest filled.
final class ZeroOutsideJvm implements JvmKernel<ZeroOutside> {
    private static final int CHUNK = 16_384;

    private final Lanes lanes = Lanes.best();

    @Override
    public void run(ZeroOutside op, Args args, Workers workers) {
        Shape x = args.shape(0);
        int h = x.dim(1);
        int c = x.dim(3);
        int row = Math.toIntExact(x.size(2, 4));
        workers.forRange((long) x.dim(0) * h, Math.max(1, CHUNK / Math.max(1, row)), (from, to) -> {
            for (long r = from; r < to; r++) {
                int height = args.in(1).getAtIndex(ValueLayout.JAVA_INT, r / h * 2);
                int width = args.in(1).getAtIndex(ValueLayout.JAVA_INT, r / h * 2 + 1);
                int inside = r % h < height ? Math.clamp(width, 0, x.dim(2)) * c : 0;
                if (!args.inPlace()) {
                    lanes.copy(args.in(0), r * row, args.out(), r * row, inside);
                }
                lanes.fill(0, args.out(), r * row + inside, row - inside);
            }
        });
    }

    @Override
    public OpExample example() {
        return OpExample.of(new ZeroOutside()).floats(4, 56, 56, 64).integers(57, 4, 2);
    }
}
