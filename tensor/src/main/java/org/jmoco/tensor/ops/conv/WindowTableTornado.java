package org.jmoco.tensor.ops.conv;

import org.jmoco.tensor.backend.tornado.Fragments;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Launches;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// A table of the pixels that windows see: for each tap and each row of a product, where the pixel's channels lie, or
/// those of a pixel of zeros if the tap lies outside of the image or, in a gradient, between two windows. With it a
/// product's kernel neither divides nor asks, whatever stride, padding and dilation are.
///
/// A row's coordinate along an axis is `(position · up + add + tap · step) / down`, if the division leaves nothing
/// over.
final class WindowTableTornado {
    private WindowTableTornado() {}

    /// Adds the launch that writes a table `[taps, pitch]`.
    ///
    /// @param gradient whether rows are input positions that look for their windows, else windows that look for
    ///     pixels
    /// @param pixels   where the pixels lie in the arena of integers, pairs of channels; that of zeros comes behind
    ///     them
    /// @param rows     of the product; the table has those that [Fragments#row] shows, and behind the last image
    ///     they see zeros
    /// @param pitch    rows of the table for each tap
    /// @param to       where the table goes
    static void launch(Launches gpu, ConvShape s, boolean gradient, int pixels, int rows, int pitch, int to) {
        gpu.launch(
                "conv.windowTable",
                WindowTableTornado::perRow,
                new Grid(Math.ceilDiv(pitch, Grid.GROUP), 1, s.kh() * s.kw(), Grid.GROUP, 1),
                to,
                pitch,
                pixels,
                (gradient ? s.out() : s.in()) / 2,
                s.n(),
                s.kw(),
                gradient ? s.h() : s.oh(),
                gradient ? s.w() : s.ow(),
                gradient ? s.oh() : s.h(),
                gradient ? s.ow() : s.w(),
                gradient ? 1 : s.strideH(),
                gradient ? 1 : s.strideW(),
                gradient ? s.paddingH() : -s.paddingH(),
                gradient ? s.paddingW() : -s.paddingW(),
                gradient ? -s.dilationH() : s.dilationH(),
                gradient ? -s.dilationW() : s.dilationW(),
                gradient ? s.strideH() : 1,
                gradient ? s.strideW() : 1,
                rows);
    }

    /// The argument block: the table, its pitch, pixels, words of one, images, kernel width; heights and widths of
    /// rows and of images; up, add, step and down along both axes; rows.
    static void perRow(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        int pitch = arg.get(1);
        if (i < pitch) {
            int tap = c.groupIdz;
            int tapY = tap / arg.get(5);
            int tapX = tap - tapY * arg.get(5);
            int row = Fragments.row(i, arg.get(18));
            int line = row / arg.get(7);
            int image = line / arg.get(6);
            int upY = (line - image * arg.get(6)) * arg.get(10) + arg.get(12) + tapY * arg.get(14);
            int upX = (row - line * arg.get(7)) * arg.get(11) + arg.get(13) + tapX * arg.get(15);
            int y = upY / arg.get(16);
            int x = upX / arg.get(17);
            int h = arg.get(8);
            int w = arg.get(9);
            int n = arg.get(4);
            int over = upY - y * arg.get(16) | upX - x * arg.get(17);
            int outside = upY | upX | h - 1 - y | w - 1 - x | n - 1 - image | -over; // below 0 if one of them is
            int pixel = outside < 0 ? n * h * w : (image * h + y) * w + x;
            ints.set(arg.get(0) + tap * pitch + i, arg.get(2) + pixel * arg.get(3));
        }
    }
}
