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
/// GPUs divide integers in dozens of instructions, so none is divided for an element. What belongs to a row is
/// worked out once and kept in local memory. Where a thread's rows are gathered from is worked out when its
/// products come to another tap; until then only the channel goes on. An element's place is that of its row plus
/// that of its tap, and it is inside the image if the sums of both their heights and of both their widths are; in
/// a gradient, the stride's remainders of a row and of a tap must be equal, too.
///
/// The argument block: gathered operand, weight, result or its parts, bias or −1, then [ConvBlock]. z counts channel
/// groups, and parts of the products above them.
final class WindowTilesTornado {
    /// What is known of a row: where it is gathered from at tap 0, the height and width there, the remainders.
    private static final int OF_A_ROW = 4;

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
        products(c, mem, a, b, result, arg, false, false);
    }

    static void perWideOutputTile(
            KernelContext c,
            FloatArray mem,
            FloatArray a,
            FloatArray b,
            FloatArray e,
            FloatArray result,
            IntArray ints,
            IntArray arg) {
        products(c, mem, a, b, result, arg, false, true);
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
        products(c, mem, a, b, result, arg, true, false);
    }

    static void perWideInputTile(
            KernelContext c,
            FloatArray mem,
            FloatArray a,
            FloatArray b,
            FloatArray e,
            FloatArray result,
            IntArray ints,
            IntArray arg) {
        products(c, mem, a, b, result, arg, true, true);
    }

    /// `gradient` and `wide` are known when a kernel is compiled, so that each is compiled with its own part of the
    /// choices.
    private static void products(
            KernelContext c,
            FloatArray mem,
            FloatArray gathered,
            FloatArray weights,
            FloatArray result,
            IntArray arg,
            boolean gradient,
            boolean wide) {
        float[] left = c.allocateFloatLocalArray(Tiles.LEFT);
        float[] right = c.allocateFloatLocalArray(Tiles.RIGHT);
        int[] rowTable = c.allocateIntLocalArray(Tiles.ROWS * OF_A_ROW);
        float[] sums = new float[Tiles.SUMS];
        float[] leftNext = new float[Tiles.LEFT_READS];
        float[] rightNext = new float[Tiles.RIGHT_READS];
        int[] rightAt = new int[Tiles.RIGHT_READS];
        for (int i = 0; i < Tiles.SUMS; i++) {
            sums[i] = 0f;
        }
        int depth = wide ? Tiles.WIDE_DEPTH : Tiles.DEPTH;
        int reads = wide ? Tiles.WIDE_LEFT_READS : Tiles.LEFT_READS;
        int pace = wide ? Tiles.WIDE_PACE : Tiles.PACE;
        int rightStride = wide ? Tiles.WIDE_RIGHT_STRIDE : Tiles.RIGHT_STRIDE;
        int[] leftAt = new int[Tiles.LEFT_READS];
        int x = c.localIdx;
        int y = c.localIdy;
        int t = y * 16 + x;
        int alongK = wide ? t & 7 : x; // threads that are neighbours along k
        int across = wide ? t >> 3 : y;
        int groupChannels = arg.get(gradient ? ConvBlock.GROUP_OUT : ConvBlock.GROUP_IN);
        int columns = arg.get(gradient ? ConvBlock.GROUP_IN : ConvBlock.GROUP_OUT);
        int out = arg.get(ConvBlock.OUT);
        int group = c.groupIdz % arg.get(ConvBlock.GROUPS);
        int part = c.groupIdz / arg.get(ConvBlock.GROUPS);
        int all = arg.get(ConvBlock.KH) * arg.get(ConvBlock.KW) * groupChannels;
        int from = part * arg.get(ConvBlock.SPLIT);
        int to = from + arg.get(ConvBlock.SPLIT) < all ? from + arg.get(ConvBlock.SPLIT) : all;
        int row0 = c.groupIdy * Tiles.ROWS;
        int column0 = c.groupIdx * (wide ? Tiles.WIDE_COLUMNS : Tiles.COLUMNS);
        if (t < Tiles.ROWS) {
            int rowsH = arg.get(gradient ? ConvBlock.H : ConvBlock.OH);
            int rowsW = arg.get(gradient ? ConvBlock.W : ConvBlock.OW);
            int strideH = arg.get(ConvBlock.STRIDE_H);
            int strideW = arg.get(ConvBlock.STRIDE_W);
            int row = row0 + t;
            int rx = row % rowsW;
            int ry = row / rowsW % rowsH;
            int image = row / rowsW / rowsH;
            int down = gradient ? ry + arg.get(ConvBlock.PADDING_H) : ry * strideH - arg.get(ConvBlock.PADDING_H);
            int along = gradient ? rx + arg.get(ConvBlock.PADDING_W) : rx * strideW - arg.get(ConvBlock.PADDING_W);
            int top = gradient ? down / strideH : down;
            int side = gradient ? along / strideW : along;
            int h = arg.get(gradient ? ConvBlock.OH : ConvBlock.H);
            int w = arg.get(gradient ? ConvBlock.OW : ConvBlock.W);
            int channels = arg.get(gradient ? ConvBlock.OUT : ConvBlock.IN);
            rowTable[t * OF_A_ROW] = arg.get(0) + ((image * h + top) * w + side) * channels + group * groupChannels;
            rowTable[t * OF_A_ROW + 1] =
                    image < arg.get(ConvBlock.N) ? top : -1_000_000_000; // beyond the last row nothing is inside
            rowTable[t * OF_A_ROW + 2] = side;
            rowTable[t * OF_A_ROW + 3] = gradient ? (down - top * strideH) * strideW + along - side * strideW : 0;
        }
        int rightK = gradient ? alongK : (wide ? t >> 5 : y);
        int rightColumn = gradient ? across : (wide ? t & 31 : x); // neighbours read neighbouring output channels
        for (int r = 0; r < Tiles.RIGHT_READS; r++) {
            int column = column0 + rightColumn + pace * r;
            int known = column < columns ? column : columns - 1;
            rightAt[r] = arg.get(1) + group * arg.get(ConvBlock.GROUP_OUT) + (gradient ? known * out : known);
        }
        int leftTo = alongK * Tiles.LEFT_STRIDE + across;
        int rightTo = rightK * rightStride + rightColumn;
        int tap = (from + alongK) / groupChannels;
        int channel = from + alongK - tap * groupChannels;
        int fresh = 1; // the tap is another one than before
        int half = 0;
        c.localBarrier();
        for (int k0 = from - depth; k0 < to; k0 += depth) {
            int nextRight = k0 + depth + rightK;
            if (fresh == 1) {
                int kw = arg.get(ConvBlock.KW);
                int h = arg.get(gradient ? ConvBlock.OH : ConvBlock.H);
                int w = arg.get(gradient ? ConvBlock.OW : ConvBlock.W);
                int strideH = arg.get(ConvBlock.STRIDE_H);
                int strideW = arg.get(ConvBlock.STRIDE_W);
                int tapY = tap / kw;
                int down = tapY * arg.get(ConvBlock.DILATION_H);
                int along = (tap - tapY * kw) * arg.get(ConvBlock.DILATION_W);
                int top = gradient ? -(down / strideH) : down;
                int side = gradient ? -(along / strideW) : along;
                int remainders = gradient ? (down + top * strideH) * strideW + along + side * strideW : 0;
                int offset = (top * w + side) * arg.get(gradient ? ConvBlock.OUT : ConvBlock.IN);
                int taps = arg.get(ConvBlock.KH) - 1 - tapY; // below 0 behind the last product
                for (int r = 0; r < reads; r++) {
                    int at = (across + pace * r) * OF_A_ROW;
                    int yy = rowTable[at + 1] + top;
                    int xx = rowTable[at + 2] + side;
                    int outside = taps | yy | xx | (h - 1 - yy) | (w - 1 - xx); // below 0 if one of them is
                    if (gradient) {
                        outside = outside | -(rowTable[at + 3] ^ remainders);
                    }
                    leftAt[r] = outside < 0 ? -1 : rowTable[at] + offset;
                }
            }
            for (int r = 0; r < reads; r++) {
                leftNext[r] = gathered.get(leftAt[r] < 0 ? 0 : leftAt[r] + channel);
            }
            int right0 = gradient ? tap * columns * out + channel : nextRight * out;
            int atRight = nextRight < to ? right0 : 0;
            for (int r = 0; r < Tiles.RIGHT_READS; r++) {
                rightNext[r] = weights.get(rightAt[r] + atRight);
            }
            if (k0 >= from) { // before the first products there is nothing but this read
                int leftK0 = half * Tiles.DEPTH * Tiles.LEFT_STRIDE + y * 8;
                int rightFrom = half * Tiles.DEPTH * Tiles.RIGHT_STRIDE + x;
                int end = rightFrom + depth * rightStride;
                for (int rightK0 = rightFrom; rightK0 < end; rightK0 += 2 * rightStride) { // two by two, see Tiles
                    for (int k = 0; k < 2; k++) {
                        int at = rightK0 + k * rightStride;
                        for (int i = 0; i < 8; i++) {
                            float value = left[leftK0 + k * Tiles.LEFT_STRIDE + i];
                            if (wide) {
                                Tiles.addWide(
                                        sums,
                                        i,
                                        value,
                                        right[at],
                                        right[at + 16],
                                        right[at + 32],
                                        right[at + 48],
                                        right[at + 64],
                                        right[at + 80],
                                        right[at + 96],
                                        right[at + 112]);
                            } else {
                                Tiles.add(sums, i, value, right[at], right[at + 16], right[at + 32], right[at + 48]);
                            }
                        }
                    }
                    leftK0 += 2 * Tiles.LEFT_STRIDE;
                }
            }
            half = 1 - half;
            int leftHalf = half * Tiles.DEPTH * Tiles.LEFT_STRIDE + leftTo;
            int rightHalf = half * Tiles.DEPTH * Tiles.RIGHT_STRIDE + rightTo;
            for (int r = 0; r < reads; r++) {
                left[leftHalf + pace * r] = leftAt[r] < 0 ? 0f : leftNext[r];
            }
            for (int r = 0; r < Tiles.RIGHT_READS; r++) {
                right[rightHalf + pace * r] = nextRight < to ? rightNext[r] : 0f;
            }
            channel += depth;
            fresh = 0;
            while (channel >= groupChannels) {
                channel -= groupChannels;
                tap++;
                fresh = 1;
            }
            c.localBarrier();
        }
        int resultChannels = arg.get(gradient ? ConvBlock.IN : ConvBlock.OUT);
        int rows = arg.get(ConvBlock.N)
                * arg.get(gradient ? ConvBlock.H : ConvBlock.OH)
                * arg.get(gradient ? ConvBlock.W : ConvBlock.OW);
        int bias = arg.get(3) >= 0 ? arg.get(3) + group * columns : -1;
        Tiles.store(
                mem,
                result,
                sums,
                bias,
                arg.get(2) + part * rows * resultChannels + group * columns,
                resultChannels,
                rows,
                columns,
                row0 + y * 8,
                column0 + x,
                wide);
    }
}
