package org.jmoco.tensor.backend.jvm.convolution;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.backend.jvm.lanes.Lanes;
import org.jmoco.tensor.backend.jvm.products.Left;
import org.jmoco.tensor.backend.jvm.products.LeftOperand;
import org.jmoco.tensor.backend.jvm.products.Rows;
import org.jmoco.tensor.backend.jvm.runtime.Blocking;
import org.jmoco.tensor.backend.jvm.runtime.Scratch;
import org.jmoco.tensor.ops.conv.ConvShape;

/// The windows of a convolution as the left-hand side of a matrix product: row `(image, oy, ox)`, column
/// `(ky, kx, channel)`, zero where a tap falls outside the image.
///
/// The windows are not gathered. Each row of a window is one run of floats in the image, so the micro-kernel reads
/// the windows where they lie; only where some reach beyond the edge is the part of the image that a block needs
/// copied first, once, with its border of zeros.
///
/// @param data images `[n, h, w, channels]`
/// @param firstChannel first channel of the group
/// @param depth channels of the group
/// @param kh    taps of a window along y   @param kw along x
/// @param oh    windows along y   @param ow along x
/// @param top   row of the image at which the first window begins, negative in the padding
/// @param left column likewise
record Windows(
        MemorySegment data,
        int n,
        int h,
        int w,
        int channels,
        int firstChannel,
        int depth,
        int kh,
        int kw,
        int oh,
        int ow,
        int strideH,
        int strideW,
        int dilationH,
        int dilationW,
        int top,
        int left)
        implements LeftOperand {
    /// The longest stretch of k: its panel of B stays in the second cache level, and its chain of additions within
    /// the accuracy of the conformance suite.
    private static final int DEPTH = 1152;

    /// Rows of a block, at least and as a step: a multiple of the rows of every kernel.
    private static final int BLOCK_ROWS = 168;

    /// Pixels so many floats apart fall into few sets of the cache, so that a block read pixel by pixel is copied
    /// first.
    private static final int FAR = 256;

    /// Rows of windows shorter than this are not worth a run of their own.
    static final int SHORT = 14;

    private static final Lanes LANES = Lanes.best();

    /// The windows of a forward convolution.
    static Windows of(ConvShape s, MemorySegment x, int group) {
        return new Windows(
                x,
                s.n(),
                s.h(),
                s.w(),
                s.in(),
                group * s.groupIn(),
                s.groupIn(),
                s.kh(),
                s.kw(),
                s.oh(),
                s.ow(),
                s.strideH(),
                s.strideW(),
                s.dilationH(),
                s.dilationW(),
                -s.paddingH(),
                -s.paddingW());
    }

    /// These windows with some of their channels.
    Windows channels(int first, int count) {
        return new Windows(
                data,
                n,
                h,
                w,
                channels,
                firstChannel + first,
                count,
                kh,
                kw,
                oh,
                ow,
                strideH,
                strideW,
                dilationH,
                dilationW,
                top,
                left);
    }

    @Override
    public int rows() {
        return n * oh * ow;
    }

    /// Whether the taps of a row of the window lie side by side.
    private boolean wholeRows() {
        return (kw == 1 || dilationW == 1) && (depth == channels || padded()) && kw * depth <= DEPTH;
    }

    private boolean padded() {
        return top < 0
                || left < 0
                || top + (oh - 1) * strideH + (kh - 1) * dilationH >= h
                || left + (ow - 1) * strideW + (kw - 1) * dilationW >= w;
    }

    /// Runs of a window: its rows, its taps, or parts of taps.
    private int runs() {
        return wholeRows() ? kh : kh * kw * Math.ceilDiv(depth, DEPTH);
    }

    private int runsAtOnce() {
        return depth > DEPTH ? 1 : DEPTH / (wholeRows() ? kw * depth : depth);
    }

    @Override
    public int[] cuts() {
        if (kh * kw * depth == 0) {
            return new int[] {0};
        }
        int runs = runs();
        int[] cuts = new int[Math.ceilDiv(runs, runsAtOnce()) + 1];
        for (int i = 1; i < cuts.length; i++) {
            cuts[i] = endOfRun(Math.min(runs, i * runsAtOnce()) - 1);
        }
        return cuts;
    }

    private int endOfRun(int run) {
        if (wholeRows()) {
            return (run + 1) * kw * depth;
        }
        int parts = Math.ceilDiv(depth, DEPTH);
        return run / parts * depth + Math.min(depth, (run % parts + 1) * DEPTH);
    }

    @Override
    public int blockRows(Blocking blocking) {
        int perRow = Math.max(1, strideH * w * depth);
        return Math.max(1, blocking.windows() / perRow * ow / BLOCK_ROWS) * BLOCK_ROWS;
    }

    @Override
    public Block block(int from, int to, int panels) {
        return padded() ? copied(from, to) : inPlace(from, to);
    }

    private Block inPlace(int from, int to) {
        int[] rows = new int[Rows.withCopies(to - from)];
        int firstImage = from / (oh * ow);
        for (int row = from; row < to; ) {
            int image = row / (oh * ow) - firstImage;
            int line = Math.multiplyExact((image * h + row / ow % oh * strideH) * w, channels);
            for (int x = row % ow; x < ow && row < to; x++, row++) {
                rows[row - from] = line + x * strideW * channels;
            }
        }
        java.util.Arrays.fill(rows, to - from, rows.length, rows[to - from - 1]);
        long at = (((long) firstImage * h + top) * w + left) * channels + firstChannel;
        return stretches(data, at, rows, w * channels, channels);
    }

    private Block copied(int from, int to) {
        int[] rows = new int[Rows.withCopies(to - from)];
        int line = copy(from, to, depth, rows);
        return stretches(Scratch.floats(Scratch.Slot.LEFT_PANEL, 0), 0, rows, line, depth);
    }

    /// Copies the rows of the images that some windows need into the scratch memory, with zeros around, and with
    /// the channels of the group alone, `pixel` floats apart.
    ///
    /// @param rows gets where each window begins
    /// @return distance between two rows of an image
    private int copy(int from, int to, int pixel, int[] rows) {
        int width = (ow - 1) * strideW + (kw - 1) * dilationW + 1;
        int line = width * pixel;
        MemorySegment block = Scratch.floats(Scratch.Slot.LEFT_PANEL, (long) linesOf(from, to) * line);
        int lines = 0;
        for (int row = from; row < to; ) {
            int image = row / (oh * ow);
            int end = Math.min(to, (image + 1) * oh * ow);
            int firstY = row / ow % oh;
            int lastY = (end - 1) / ow % oh;
            int count = (lastY - firstY) * strideH + (kh - 1) * dilationH + 1;
            for (int i = 0; i < count; i++) {
                copyLine(image, top + firstY * strideH + i, width, pixel, block, (long) (lines + i) * line);
            }
            for (int y = lines; row < end; y += strideH) {
                for (int x = row % ow; x < ow && row < end; x++, row++) {
                    rows[row - from] = y * line + x * strideW * pixel;
                }
            }
            lines += count;
        }
        java.util.Arrays.fill(rows, to - from, rows.length, rows[to - from - 1]);
        return line;
    }

    private int linesOf(int from, int to) {
        int images = (to - 1) / (oh * ow) - from / (oh * ow) + 1;
        return ((to - 1) / ow - from / ow) * strideH + images * ((kh - 1) * dilationH + 1);
    }

    private void copyLine(int image, int y, int width, int pixel, MemorySegment block, long at) {
        if (y < 0 || y >= h) {
            LANES.fill(0, block, at, width * pixel);
            return;
        }
        int before = Math.clamp(-left, 0, width);
        int inside = Math.clamp(w - Math.max(left, 0), 0, width - before);
        LANES.fill(0, block, at, before * pixel);
        long source = (((long) image * h + y) * w + left + before) * channels + firstChannel;
        long to = at + (long) before * pixel;
        if (depth == channels && pixel == depth) {
            LANES.copy(data, source, block, to, inside * depth);
        } else {
            LANES.copyRows(data, source, channels, block, to, pixel, inside, depth);
        }
        LANES.fill(0, block, at + (long) (before + inside) * pixel, (width - before - inside) * pixel);
    }

    /// The stretches of a block whose image lines are `line` floats apart and its pixels `pixel`.
    private Block stretches(MemorySegment block, long at, int[] rows, int line, int pixel) {
        boolean whole = wholeRows();
        int parts = Math.ceilDiv(depth, DEPTH);
        int[] starts = new int[runs()];
        for (int run = 0; run < starts.length; run++) {
            int tap = whole ? run * kw : run / parts;
            starts[run] =
                    tap / kw * dilationH * line + tap % kw * dilationW * pixel + (whole ? 0 : run % parts * DEPTH);
        }
        int atOnce = runsAtOnce();
        Left[] lefts = new Left[Math.ceilDiv(starts.length, atOnce)];
        for (int s = 0; s < lefts.length; s++) {
            int[] runs = java.util.Arrays.copyOfRange(starts, s * atOnce, Math.min(starts.length, (s + 1) * atOnce));
            int length = whole ? kw * depth : Math.min(DEPTH, depth - s % parts * DEPTH);
            lefts[s] = new Left(block, at, rows, runs, length, 1);
        }
        return stretch -> lefts[stretch];
    }

    /// The transpose of the windows `[from, to)`, whole rows of them, as the left-hand side of the weight
    /// gradient: row `(ky, kx, channel)`, and k are the windows. A run is a row of windows. What is read lies in
    /// the scratch memory of the thread or in the images.
    Left elements(int from, int to) {
        boolean single = kh * kw == 1 && !padded();
        int[] windows = new int[Rows.withCopies(to - from)];
        if (single && channels < FAR) {
            return elements(inPlace(from, to).over(0), from, to, channels, channels);
        }
        int pixel = depth < 32 ? depth : (depth + 15) / 32 * 32 + 16;
        if (single) {
            return sampled(from, to, pixel);
        }
        if (ow < SHORT) {
            return gathered(from, to);
        }
        int line = copy(from, to, pixel, windows);
        return elements(
                new Left(Scratch.floats(Scratch.Slot.LEFT_PANEL, 0), 0, windows, Left.ONE_RUN, 0, 1),
                from,
                to,
                line,
                pixel);
    }

    /// @param windows as rows of a left-hand side
    private Left elements(Left windows, int from, int to, int line, int pixel) {
        int[] elements = new int[Rows.withCopies(kh * kw * depth)];
        for (int e = 0; e < elements.length; e++) {
            int element = Math.min(e, kh * kw * depth - 1);
            int tap = element / depth;
            elements[e] = tap / kw * dilationH * line + tap % kw * dilationW * pixel + element % depth;
        }
        int[] runs = new int[(to - from) / ow];
        for (int r = 0; r < runs.length; r++) {
            runs[r] = windows.rows()[r * ow];
        }
        int step = strideW * pixel;
        boolean together = true;
        for (int r = 1; r < runs.length; r++) {
            together &= runs[r] == runs[r - 1] + ow * step;
        }
        return together
                ? new Left(windows.data(), windows.at() + runs[0], elements, Left.ONE_RUN, to - from, step)
                : new Left(windows.data(), windows.at(), elements, runs, ow, step);
    }

    /// Windows of one pixel, side by side.
    private Left sampled(int from, int to, int pixel) {
        MemorySegment block = Scratch.floats(Scratch.Slot.LEFT_PANEL, (long) (to - from) * pixel);
        for (int row = from; row < to; row += ow) {
            int image = row / (oh * ow);
            int y = top + row / ow % oh * strideH;
            long source = (((long) image * h + y) * w + left) * channels + firstChannel;
            LANES.copyRows(
                    data, source, (long) strideW * channels, block, (long) (row - from) * pixel, pixel, ow, depth);
        }
        return new Left(block, 0, Rows.multiples(depth, 1), Left.ONE_RUN, to - from, pixel);
    }

    /// Every window in full, one after the other, a multiple of 32 floats and 16 apart.
    private Left gathered(int from, int to) {
        int elements = kh * kw * depth;
        int window = (elements + 15) / 32 * 32 + 16;
        MemorySegment block = Scratch.floats(Scratch.Slot.LEFT_PANEL, (long) (to - from) * window);
        for (int row = from; row < to; row++) {
            int image = row / (oh * ow);
            int y = top + row / ow % oh * strideH;
            int x = left + row % ow * strideW;
            for (int tap = 0; tap < kh * kw; tap++) {
                int yy = y + tap / kw * dilationH;
                int xx = x + tap % kw * dilationW;
                long at = (long) (row - from) * window + (long) tap * depth;
                if (yy < 0 || yy >= h || xx < 0 || xx >= w) {
                    LANES.fill(0, block, at, depth);
                } else {
                    LANES.copy(data, (((long) image * h + yy) * w + xx) * channels + firstChannel, block, at, depth);
                }
            }
        }
        return new Left(block, 0, Rows.multiples(elements, 1), Left.ONE_RUN, to - from, window);
    }
}
