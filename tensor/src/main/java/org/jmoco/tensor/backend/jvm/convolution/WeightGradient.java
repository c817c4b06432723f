package org.jmoco.tensor.backend.jvm.convolution;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.backend.jvm.lanes.Lanes;
import org.jmoco.tensor.backend.jvm.products.Left;
import org.jmoco.tensor.backend.jvm.products.Matrix;
import org.jmoco.tensor.backend.jvm.products.MicroKernel;
import org.jmoco.tensor.backend.jvm.products.Panels;
import org.jmoco.tensor.backend.jvm.products.Right;
import org.jmoco.tensor.backend.jvm.products.Rows;
import org.jmoco.tensor.backend.jvm.runtime.Scratch;
import org.jmoco.tensor.backend.jvm.runtime.Workers;
import org.jmoco.tensor.ops.conv.ConvShape;

/// The weight gradient of a convolution: the product of the windows of the images, transposed, with the output
/// gradient. Its k are the positions of the batch.
///
/// The rows of the product are the elements of a window, (tap, channel). The micro-kernel reads them side by side
/// in the image and steps from position to position; see [Windows#elements].
///
/// **Bits.** Positions are added in ascending order (image, row, column), in stretches of whole rows. Where the
/// gradient is small and the batch large, fixed parts of the batch are summed apart and their sums added in order,
/// so that all threads have work without sharing an element.
final class WeightGradient {
    /// Positions of a stretch, at most, unless an image row is longer: what a task reads of images and output
    /// gradient stays in the second cache level.
    private static final int DEPTH = 256;
    private static final int GATHERED_DEPTH = 200;

    /// Parts of the batch, at most, and floats of all their sums.
    private static final int PARTS = 8;
    private static final int PARTIAL_FLOATS = 2 << 20;

    /// Panels of a task, at most.
    private static final int TASK_PANELS = 4;

    private static final int PACK_POSITIONS = 16;

    private static final Lanes LANES = Lanes.best();

    private final ConvShape s;
    private final int group;
    private final MemorySegment x;
    private final MemorySegment dy;
    private final MemorySegment dw;
    private final Panels panels;
    private final int taps;
    /// Channels of a task.
    private final int chunk;
    /// Output rows, over all images, of a stretch.
    private final int rowsAtOnce;

    WeightGradient(
            ConvShape s, int group, MemorySegment x, MemorySegment dy, MemorySegment dw, MicroKernel... kernels) {
        this.s = s;
        this.group = group;
        this.x = x;
        this.dy = dy;
        this.dw = dw;
        panels = new Panels(s.groupOut(), kernels);
        taps = s.kh() * s.kw();
        chunk = Math.min(s.groupIn(), taps == 1 ? 256 : 64);
        int rows = Math.max(1, s.n() * s.oh());
        rowsAtOnce = Math.ceilDiv(
                rows,
                Math.ceilDiv(
                        rows, Math.max(1, (s.ow() < Windows.SHORT && taps > 1 ? GATHERED_DEPTH : DEPTH) / s.ow())));
    }

    void run(Workers workers) {
        int stretches = Math.ceilDiv(s.n() * s.oh(), rowsAtOnce);
        int size = taps * s.groupIn() * s.groupOut();
        int chunks = Math.ceilDiv(s.groupIn(), chunk);
        int natural = chunks * Math.ceilDiv(panels.count(), TASK_PANELS);
        int parts = Math.clamp(
                Math.min(Math.ceilDiv(2 * PARTS, natural), PARTIAL_FLOATS / size), 1, Math.clamp(stretches, 1, PARTS));
        int width = Math.min(TASK_PANELS, panels.count());
        if (parts * chunks * Math.ceilDiv(panels.count(), width) < 2 * workers.threads()) {
            width = Math.ceilDiv(panels.count(), Math.ceilDiv(2 * workers.threads(), parts * chunks));
        }
        int taskPanels = width;
        int groups = Math.ceilDiv(panels.count(), width);
        long at = (long) group * s.groupOut();
        MemorySegment sums = parts == 1 ? dw : Scratch.floats(Scratch.Slot.CONVOLUTION, (long) parts * size);
        int stride = parts == 1 ? s.out() : s.groupOut();
        workers.forEach(parts * chunks * groups, i -> {
            int part = i / (chunks * groups);
            int firstPanel = i % groups * taskPanels;
            task(
                    i / groups % chunks * chunk,
                    firstPanel,
                    Math.min(panels.count(), firstPanel + taskPanels),
                    stretches * part / parts,
                    stretches * (part + 1) / parts,
                    sums,
                    parts == 1 ? at : (long) part * size,
                    stride);
        });
        if (parts > 1) {
            workers.forRange(taps * s.groupIn(), Math.max(1, 8192 / s.groupOut()), (from, to) -> {
                for (long row = from; row < to; row++) {
                    sum(parts, sums, row * s.groupOut(), size, at + row * s.out());
                }
            });
        }
    }

    private void sum(int parts, MemorySegment sums, long from, int size, long to) {
        LANES.add(sums, from, sums, from + size, dw, to, s.groupOut());
        for (int p = 2; p < parts; p++) {
            LANES.add(dw, to, sums, from + (long) p * size, dw, to, s.groupOut());
        }
    }

    /// The gradient of `chunk` channels from `firstChannel` over some stretches, in columns of some panels.
    private void task(
            int firstChannel,
            int firstPanel,
            int endPanel,
            int firstStretch,
            int endStretch,
            MemorySegment sums,
            long at,
            int stride) {
        int channels = Math.min(chunk, s.groupIn() - firstChannel);
        Windows windows = Windows.of(s, x, group).channels(firstChannel, channels);
        int rows = taps * channels;
        int[] sumRows = new int[Rows.withCopies(rows)];
        for (int r = 0; r < sumRows.length; r++) {
            int row = Math.min(r, rows - 1);
            sumRows[r] = (row / channels * s.groupIn() + firstChannel + row % channels) * stride;
        }
        Rows c = new Rows(sums, at, sumRows);
        Matrix gradient = Matrix.of(dy, (long) group * s.groupOut(), s.out());
        boolean asItLies = panels.readable();
        int first = panels.column(firstPanel);
        MemorySegment packed = asItLies
                ? null
                : Scratch.floats(
                        Scratch.Slot.RIGHT_PANEL, (long) rowsAtOnce * s.ow() * (panels.column(endPanel) - first));
        for (int stretch = firstStretch; stretch < endStretch; stretch++) {
            int position = stretch * rowsAtOnce * s.ow();
            int count = Math.min(s.n() * s.oh(), (stretch + 1) * rowsAtOnce) * s.ow() - position;
            if (!asItLies) {
                pack(gradient, firstPanel, endPanel, position, count, packed);
            }
            Left left = windows.elements(position, position + count);
            for (int p = firstPanel; p < endPanel; p++) {
                Right right = asItLies
                        ? new Right(
                                dy, (long) position * s.out() + (long) group * s.groupOut() + panels.column(p), s.out())
                        : new Right(
                                packed,
                                (long) count * (panels.column(p) - first),
                                panels.kernel(p).columns());
                panels.multiply(p, left, rows, right, stretch > firstStretch ? c : null, c);
            }
        }
        if (firstStretch == endStretch) {
            for (int r = 0; r < rows; r++) {
                LANES.fill(
                        0,
                        sums,
                        at + sumRows[r] + panels.column(firstPanel),
                        panels.column(endPanel - 1) + panels.width(endPanel - 1) - panels.column(firstPanel));
            }
        }
    }

    /// Packs some panels, a few positions of each at a time, so that the gradient is read in the order in which it
    /// lies.
    private void pack(Matrix gradient, int firstPanel, int endPanel, int position, int count, MemorySegment packed) {
        for (int k = 0; k < count; k += PACK_POSITIONS) {
            for (int p = firstPanel; p < endPanel; p++) {
                int width = panels.kernel(p).columns();
                int some = Math.min(PACK_POSITIONS, count - k);
                long to = (long) count * (panels.column(p) - panels.column(firstPanel)) + (long) k * width;
                if (panels.width(p) < width) {
                    LANES.fill(0, packed, to, some * width);
                }
                gradient.pack(panels.column(p), panels.width(p), position + k, some, packed, to, width);
            }
        }
    }
}
