package org.jmoco.tensor.ops.image;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.lanes.Lanes;
import org.jmoco.tensor.backend.jvm.runtime.Scratch;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

/// Images interpolated along both axes, one task some rows of the result: whole rows are combined first, then the
/// positions of the row that comes out.
final class SeparableJvm {
    private static final int CHUNK = 16_384;

    private final Lanes lanes = Lanes.best();

    /// y = `vertical` · x · `horizontal`ᵀ for every image and channel.
    void run(Interpolation vertical, Interpolation horizontal, Args args, Workers workers) {
        Shape x = args.shape(0);
        int c = x.dim(3);
        int row = Math.toIntExact(x.size(2, 4));
        int height = vertical.rows();
        int width = horizontal.rows();
        long work = Math.max(1, row + (long) width * c);
        workers.forRange((long) x.dim(0) * height, Math.max(1, CHUNK / work), (from, to) -> {
            MemorySegment blended = Scratch.floats(Scratch.Slot.KERNEL_1, row);
            for (long r = from; r < to; r++) {
                int oy = (int) (r % height);
                lanes.combineRows(
                        vertical.weights(),
                        vertical.columns(),
                        vertical.starts()[oy],
                        vertical.starts()[oy + 1],
                        args.in(0),
                        r / height * x.dim(1) * row,
                        row,
                        blended,
                        0,
                        row);
                for (int ox = 0; ox < width; ox++) {
                    lanes.combineRows(
                            horizontal.weights(),
                            horizontal.columns(),
                            horizontal.starts()[ox],
                            horizontal.starts()[ox + 1],
                            blended,
                            0,
                            c,
                            args.out(),
                            (r * width + ox) * c,
                            c);
                }
            }
        });
    }
}
