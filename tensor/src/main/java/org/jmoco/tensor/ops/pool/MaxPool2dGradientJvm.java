package org.jmoco.tensor.ops.pool;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.lanes.Lanes;
import org.jmoco.tensor.backend.jvm.runtime.Scratch;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

/// One task an image, since windows overlap. The winners are found again rather than kept from the forward pass:
/// the images are kept anyway.
final class MaxPool2dGradientJvm implements JvmKernel<MaxPool2dGradient> {
    private final Lanes lanes = Lanes.best();

    @Override
    public void run(MaxPool2dGradient op, Args args, Workers workers) {
        Shape x = args.shape(0);
        Shape y = args.shape(1);
        workers.forEach(x.dim(0), n -> image(op.window(), args, x, y, n));
    }

    private void image(Pooling window, Args args, Shape x, Shape y, int n) {
        int c = x.dim(3);
        int w = x.dim(2);
        long image = n * x.size(1, 4);
        MemorySegment max = Scratch.floats(Scratch.Slot.KERNEL_1, c);
        MemorySegment winner = Scratch.floats(Scratch.Slot.KERNEL_2, c);
        lanes.fill(0, args.out(), image, Math.toIntExact(x.size(1, 4)));
        for (int oy = 0; oy < y.dim(1); oy++) {
            for (int ox = 0; ox < y.dim(2); ox++) {
                lanes.fill(Float.NEGATIVE_INFINITY, max, 0, c);
                // Where nothing exceeds −∞ the first position wins.
                lanes.fill(Float.intBitsToFloat(window.from(oy) * w + window.from(ox)), winner, 0, c);
                for (int iy = window.from(oy); iy < window.to(oy, x.dim(1)); iy++) {
                    for (int ix = window.from(ox); ix < window.to(ox, w); ix++) {
                        lanes.maxAndWinner(
                                iy * w + ix, args.in(0), image + ((long) iy * w + ix) * c, max, 0, winner, 0, c);
                    }
                }
                long dy = (((long) n * y.dim(1) + oy) * y.dim(2) + ox) * c;
                for (int iy = window.from(oy); iy < window.to(oy, x.dim(1)); iy++) {
                    for (int ix = window.from(ox); ix < window.to(ox, w); ix++) {
                        lanes.addWhereWinner(
                                iy * w + ix,
                                winner,
                                0,
                                args.in(1),
                                dy,
                                args.out(),
                                image + ((long) iy * w + ix) * c,
                                c);
                    }
                }
            }
        }
    }

    @Override
    public OpExample example() {
        return OpExample.of(new MaxPool2dGradient(new Pooling(3, 2, 1)))
                .floats(4, 112, 112, 64)
                .floats(4, 56, 56, 64);
    }
}
