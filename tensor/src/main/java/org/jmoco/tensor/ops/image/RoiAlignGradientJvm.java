package org.jmoco.tensor.ops.image;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.lanes.Lanes;
import org.jmoco.tensor.backend.jvm.runtime.Scratch;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

/// `dx += A_yᵀ·dy·A_x` box after box. Boxes overlap, so a task owns some rows and channels of an image and goes through
/// all boxes that touch them in order.
final class RoiAlignGradientJvm implements JvmKernel<RoiAlignGradient> {
    /// Channels of a task: rows long enough to stream (64 take twice as long), and a box's part of `dy` fits into the
    /// second-level cache.
    private static final int CHANNELS = 256;

    /// Rows of a task: tasks for all cores, yet `dy` comes from memory seldom more than once.
    private static final int ROWS = 8;

    private static final int CHUNK = 16_384;

    private final Lanes lanes = Lanes.best();

    /// The transposed matrices of a box, and where its map's rows and columns begin and end; null for boxes of other
    /// maps.
    private record Box(
            int image, Interpolation vertical, Interpolation horizontal, int top, int bottom, int left, int right) {
        static Box of(Rois rois, int r, Shape map) {
            Interpolation vertical = rois.vertical(r, map);
            Interpolation horizontal = rois.horizontal(r, map);
            return new Box(
                    rois.image(r),
                    vertical.transposed(),
                    horizontal.transposed(),
                    vertical.first(),
                    vertical.end(),
                    horizontal.first(),
                    horizontal.end());
        }
    }

    @Override
    public void run(RoiAlignGradient op, Args args, Workers workers) {
        Shape map = op.map();
        Rois rois = new Rois(
                op.align(), args.in(1), args.in(2), args.in(3), args.shape(0).dim(0), map.dim(0));
        Box[] boxes = new Box[rois.count()];
        workers.forEach(boxes.length, r -> boxes[r] = rois.level(r) == op.level() ? Box.of(rois, r, map) : null);
        workers.forRange(map.size(), CHUNK, (from, to) -> lanes.fill(0, args.out(), from, Math.toIntExact(to - from)));
        int blocks = Math.ceilDiv(map.dim(3), CHANNELS);
        int bands = Math.ceilDiv(map.dim(1), ROWS);
        workers.forEach(map.dim(0) * bands * blocks, task -> {
            int from = task % blocks * CHANNELS;
            int top = task / blocks % bands * ROWS;
            for (int r = 0; r < boxes.length; r++) {
                if (boxes[r] != null && boxes[r].image() == task / blocks / bands) {
                    add(boxes[r], r, args, map, top, from);
                }
            }
        });
    }

    /// Adds the share of box `r` to the rows from `top` and channels from `from` of its image.
    private void add(Box box, int r, Args args, Shape map, int top, int from) {
        int c = map.dim(3);
        int n = Math.min(CHANNELS, c - from);
        Interpolation vertical = box.vertical();
        Interpolation horizontal = box.horizontal();
        int height = vertical.size();
        int width = horizontal.size();
        long dy = (long) r * height * width * c + from;
        MemorySegment row = Scratch.floats(Scratch.Slot.KERNEL_1, (long) width * n);
        int last = Math.min(box.bottom(), top + ROWS);
        for (int iy = Math.max(box.top(), top); iy < last; iy++) {
            int start = vertical.starts()[iy];
            int end = vertical.starts()[iy + 1];
            if (start == end) {
                continue;
            }
            for (int ox = 0; ox < width; ox++) {
                lanes.combineRows(
                        vertical.weights(),
                        vertical.columns(),
                        start,
                        end,
                        args.in(0),
                        dy + (long) ox * c,
                        (long) width * c,
                        row,
                        (long) ox * n,
                        n);
            }
            long dx = (((long) box.image() * map.dim(1) + iy) * map.dim(2)) * c + from;
            for (int ix = box.left(); ix < box.right(); ix++) {
                lanes.addRows(
                        horizontal.weights(),
                        horizontal.columns(),
                        horizontal.starts()[ix],
                        horizontal.starts()[ix + 1],
                        row,
                        0,
                        n,
                        args.out(),
                        dx + (long) ix * c,
                        n);
            }
        }
    }

    @Override
    public OpExample example() {
        return OpExample.of(in -> new RoiAlignGradient(
                        new RoiAlign(7, List.of(1 / 16f), 2, true),
                        0,
                        Shape.of(4, 56, 56, in.get(0).dim(3))))
                .floats(512, 7, 7, 64)
                .floats(512, 4)
                .integers(4, 512)
                .integers(1, 512);
    }
}
