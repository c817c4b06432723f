package org.jmoco.tensor.ops.conv;

import org.jmoco.tensor.backend.tornado.Tiles;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// Implicit matrix products over windows, in tiles (see [Tiles]): what a convolution and the gradient of its
/// images have in common.
///
/// | | rows | columns | products of a result run over | the left operand is gathered from |
/// |---|---|---|---|---|
/// | convolution | output positions | output channels | taps and input channels | x |
/// | gradient | input positions | input channels | taps and output channels | dy of the windows that have this input |
///
/// The argument block: gathered operand, weight, result, bias or −1, then [ConvBlock]. z counts channel groups.
final class WindowTilesTornado {
    private WindowTilesTornado() {}

    static void perOutputTile(
            KernelContext c,
            FloatArray mem,
            FloatArray a,
            FloatArray b,
            FloatArray e,
            FloatArray result,
            IntArray ints,
            IntArray arg) {
        products(c, mem, a, b, result, arg, false);
    }

    static void perInputTile(
            KernelContext c,
            FloatArray mem,
            FloatArray a,
            FloatArray b,
            FloatArray e,
            FloatArray result,
            IntArray ints,
            IntArray arg) {
        products(c, mem, a, b, result, arg, true);
    }

    /// `gradient` is known when a kernel is compiled, so that each is compiled with its own half of the choices.
    private static void products(
            KernelContext c,
            FloatArray mem,
            FloatArray gathered,
            FloatArray weights,
            FloatArray result,
            IntArray arg,
            boolean gradient) {
        float[] left = c.allocateFloatLocalArray(Tiles.LEFT);
        float[] right = c.allocateFloatLocalArray(Tiles.RIGHT);
        int[] image = c.allocateIntLocalArray(Tiles.ROWS);
        int[] top = c.allocateIntLocalArray(Tiles.ROWS);
        int[] side = c.allocateIntLocalArray(Tiles.ROWS);
        float[] sums = new float[Tiles.SUMS];
        for (int i = 0; i < Tiles.SUMS; i++) {
            sums[i] = 0f;
        }
        int x = c.localIdx;
        int y = c.localIdy;
        int t = y * 16 + x;
        int rowsH = arg.get(gradient ? ConvBlock.H : ConvBlock.OH);
        int rowsW = arg.get(gradient ? ConvBlock.W : ConvBlock.OW);
        int h = arg.get(gradient ? ConvBlock.OH : ConvBlock.H);
        int w = arg.get(gradient ? ConvBlock.OW : ConvBlock.W);
        int channels = arg.get(gradient ? ConvBlock.OUT : ConvBlock.IN);
        int groupChannels = arg.get(gradient ? ConvBlock.GROUP_OUT : ConvBlock.GROUP_IN);
        int columns = arg.get(gradient ? ConvBlock.GROUP_IN : ConvBlock.GROUP_OUT);
        int strideH = arg.get(ConvBlock.STRIDE_H);
        int strideW = arg.get(ConvBlock.STRIDE_W);
        int kw = arg.get(ConvBlock.KW);
        int out = arg.get(ConvBlock.OUT);
        int rows = arg.get(ConvBlock.N) * rowsH * rowsW;
        int depth = arg.get(ConvBlock.KH) * kw * groupChannels;
        int row0 = c.groupIdy * Tiles.ROWS;
        int column0 = c.groupIdx * Tiles.COLUMNS;
        int group = c.groupIdz;
        int weight = arg.get(1) + group * arg.get(ConvBlock.GROUP_OUT);
        if (t < Tiles.ROWS) {
            int row = row0 + t;
            int rx = row % rowsW;
            int ry = row / rowsW % rowsH;
            int first = gradient ? ry + arg.get(ConvBlock.PADDING_H) : ry * strideH - arg.get(ConvBlock.PADDING_H);
            image[t] = row / rowsW / rowsH * h;
            top[t] = row < rows ? first : -1_000_000_000; // beyond the last row nothing is inside
            side[t] = gradient ? rx + arg.get(ConvBlock.PADDING_W) : rx * strideW - arg.get(ConvBlock.PADDING_W);
        }
        c.localBarrier();
        for (int k0 = 0; k0 < depth; k0 += Tiles.DEPTH) {
            int product = k0 + x;
            int tap = product / groupChannels;
            int channel = product % groupChannels;
            int down = tap / kw * arg.get(ConvBlock.DILATION_H);
            int along = tap % kw * arg.get(ConvBlock.DILATION_W);
            for (int r = 0; r < 8; r++) {
                int i = y + 16 * r;
                int at = gradient
                        ? windowOf(top[i] - down, strideH, side[i] - along, strideW, h, w)
                        : inside(top[i] + down, side[i] + along, h, w);
                left[x * Tiles.LEFT_STRIDE + i] = product < depth && at >= 0
                        ? gathered.get(arg.get(0) + (image[i] * w + at) * channels + group * groupChannels + channel)
                        : 0f;
            }
            for (int r = 0; r < 4; r++) { // neighbouring threads read neighbouring output channels
                int k = gradient ? x : (t >> 6) + 4 * r;
                int j = gradient ? y + 16 * r : t & 63;
                int at = gradient ? (tap * columns + column0 + j) * out + channel : (k0 + k) * out + column0 + j;
                right[k * Tiles.RIGHT_STRIDE + j] =
                        column0 + j < columns && k0 + k < depth ? weights.get(weight + at) : 0f;
            }
            c.localBarrier();
            for (int k = 0; k < Tiles.DEPTH; k++) {
                int at = k * Tiles.RIGHT_STRIDE + x;
                for (int i = 0; i < 8; i++) {
                    Tiles.add(
                            sums,
                            i,
                            left[k * Tiles.LEFT_STRIDE + y * 8 + i],
                            right[at],
                            right[at + 16],
                            right[at + 32],
                            right[at + 48]);
                }
            }
            c.localBarrier();
        }
        int bias = arg.get(3) >= 0 ? arg.get(3) + group * columns : -1;
        Tiles.store(
                mem,
                result,
                sums,
                bias,
                arg.get(2) + group * columns,
                arg.get(gradient ? ConvBlock.IN : ConvBlock.OUT),
                rows,
                columns,
                row0 + y * 8,
                column0 + x,
                false);
    }

    /// The number of a position in its image, −1 outside.
    private static int inside(int y, int x, int h, int w) {
        return y >= 0 && y < h && x >= 0 && x < w ? y * w + x : -1;
    }

    /// The number of the window that begins so many padded positions down and along, −1 if the stride has none
    /// there. GPUs divide integers in dozens of instructions, and most strides are 1.
    private static int windowOf(int down, int strideH, int along, int strideW, int h, int w) {
        int y = strideH == 1 ? down : down / strideH;
        int x = strideW == 1 ? along : along / strideW;
        return down >= 0 && along >= 0 && y * strideH == down && x * strideW == along ? inside(y, x, h, w) : -1;
    }
}
