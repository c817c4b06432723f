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

/// Samples form a grid, so a box is a product of its axes, `y = A_y·x·A_xᵀ` with sparse matrices: far fewer additions
/// than sample by sample, and whole vectors of channels. One task is one box and some channels.
final class RoiAlignJvm implements JvmKernel<RoiAlign> {
    /// Channels of a task: the combined rows of a box fit into the second-level cache.
    private static final int CHANNELS = 256;

    private final Lanes lanes = Lanes.best();

    @Override
    public void run(RoiAlign op, Args args, Workers workers) {
        int k = op.scales().size();
        Shape y = args.outShape();
        Rois rois = new Rois(
                op,
                args.in(k),
                args.in(k + 1),
                args.in(k + 2),
                y.dim(0),
                args.shape(0).dim(0));
        int blocks = Math.ceilDiv(y.dim(3), CHANNELS);
        workers.forEach(rois.count() * blocks, task -> {
            int r = task / blocks;
            int from = task % blocks * CHANNELS;
            align(rois, r, args, from, Math.min(CHANNELS, y.dim(3) - from));
        });
    }

    /// Channels `from` to `from + n` of box `r`.
    private void align(Rois rois, int r, Args args, int from, int n) {
        int level = rois.level(r);
        Shape map = args.shape(level);
        int c = map.dim(3);
        int width = map.dim(2);
        Interpolation vertical = rois.vertical(r, map);
        Interpolation horizontal = rois.horizontal(r, map);
        int first = horizontal.first();
        int end = horizontal.end();
        long image = rois.image(r) * map.size(1, 4) + from;
        MemorySegment row = Scratch.floats(Scratch.Slot.KERNEL_1, (long) (end - first) * n);
        long out = (long) r * vertical.rows() * horizontal.rows() * c + from;
        for (int oy = 0; oy < vertical.rows(); oy++) {
            int together = n == c ? end - first : 1; // without other channels between them columns are one row
            for (int ix = first; ix < end; ix += together) {
                lanes.combineRows(
                        vertical.weights(),
                        vertical.columns(),
                        vertical.starts()[oy],
                        vertical.starts()[oy + 1],
                        args.in(level),
                        image + (long) ix * c,
                        (long) width * c,
                        row,
                        (long) (ix - first) * n,
                        together * n);
            }
            for (int ox = 0; ox < horizontal.rows(); ox++) {
                lanes.combineRows(
                        horizontal.weights(),
                        horizontal.columns(),
                        horizontal.starts()[ox],
                        horizontal.starts()[ox + 1],
                        row,
                        -(long) first * n,
                        n,
                        args.out(),
                        out + ((long) oy * horizontal.rows() + ox) * c,
                        n);
            }
        }
    }

    @Override
    public OpExample example() {
        return OpExample.of(new RoiAlign(7, List.of(1 / 16f), 2, true))
                .floats(4, 56, 56, 64)
                .floats(512, 4)
                .integers(4, 512)
                .integers(1, 512);
    }
}
