package org.jmoco.tensor.backend.jvm;

import java.lang.foreign.MemorySegment;

/// The patches of a convolution as a matrix that is never stored: row `(image, oy, ox)`, column `(ky, kx, channel)`, zero where a tap falls into the padding. Rows are gathered
/// straight into the panels of [Gemm].
///
/// @param transposed whether the product uses the transpose, as the weight gradient does
record Patches(ConvShape s, MemorySegment x, int group, boolean transposed) implements LeftOperand {
    private static final Lanes LANES = Lanes.best();

    @Override
    public boolean byK() {
        return transposed;
    }

    @Override
    public void pack(int row, int rows, int k, int count, MemorySegment panel, long at, int rowStride, int kStride) {
        if (transposed) {
            for (int kk = 0; kk < count; kk++) {
                patch(k + kk, row, rows, panel, at + (long) kk * kStride);
            }
        } else {
            for (int r = 0; r < rows; r++) {
                patch(row + r, k, count, panel, at + (long) r * rowStride);
            }
        }
    }

    /// Columns `[from, from + count)` of one patch.
    private void patch(int position, int from, int count, MemorySegment panel, long at) {
        int ow = s.ow();
        int ox = position % ow;
        int rest = position / ow;
        int oy = rest % s.oh();
        int image = rest / s.oh();
        int top = oy * s.strideH() - s.paddingH();
        int left = ox * s.strideW() - s.paddingW();
        int channels = s.groupIn();
        boolean wholeRows = s.groups() == 1 && s.dilationW() == 1;
        // With neighbouring taps the columns of one kernel row lie side by side in the image, all channels included.
        int run = wholeRows ? s.kw() * channels : channels;
        for (int done = 0; done < count; ) {
            int column = from + done;
            int begin = column % run;
            int length = Math.min(run - begin, count - done);
            int tap = column / run;
            int ky = wholeRows ? tap : tap / s.kw();
            int y = top + ky * s.dilationH();
            if (y < 0 || y >= s.h()) {
                LANES.fill(0, panel, at + done, length);
            } else if (wholeRows) {
                kernelRow(((long) image * s.h() + y) * s.w(), left, begin, length, panel, at + done);
            } else {
                int xx = left + (tap % s.kw()) * s.dilationW();
                if (xx < 0 || xx >= s.w()) {
                    LANES.fill(0, panel, at + done, length);
                } else {
                    LANES.copy(x, (((long) image * s.h() + y) * s.w() + xx) * s.in() + (long) group * channels + begin, panel, at + done, length);
                }
            }
            done += length;
        }
    }

    /// Floats `[begin, begin + length)` of one row of the kernel's window, whose left edge is at column `left` of the image.
    private void kernelRow(long imageRow, int left, int begin, int length, MemorySegment panel, long at) {
        int channels = s.in();
        int from = left * channels + begin; // may be negative: left of the image
        int before = Math.clamp(-(long) from, 0, length);
        int after = Math.clamp((long) from + length - (long) s.w() * channels, 0, length - before);
        if (before > 0) {
            LANES.fill(0, panel, at, before);
        }
        int inside = length - before - after;
        if (inside > 0) {
            LANES.copy(x, imageRow * channels + from + before, panel, at + before, inside);
        }
        if (after > 0) {
            LANES.fill(0, panel, at + before + inside, after);
        }
    }
}
