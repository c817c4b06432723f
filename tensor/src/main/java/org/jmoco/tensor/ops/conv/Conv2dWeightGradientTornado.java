package org.jmoco.tensor.ops.conv;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.Profile;
import org.jmoco.tensor.backend.tornado.Tiles;
import org.jmoco.tensor.backend.tornado.TornadoKernel;
import org.jmoco.tensor.plan.Areas;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
/// Implicit matrix product: rows are the kernel's taps with the input channels of a group, columns output
/// channels, and the products of a result run over all output positions. These are many and the results few, so
/// they are split among work-groups, whose sums are added in a second launch, in the order of the positions.
///
/// The argument block: x, dy, dw or partial sums, floats of dw, then [ConvBlock].

final class Conv2dWeightGradientTornado implements TornadoKernel<Conv2dWeightGradient> {
    /// Fewest and most output positions that a work-group adds up.
    private static final int LEAST = 256;
    private static final int MOST = 16_384;

    private static int positions(ConvShape s) {
        return s.n() * s.oh() * s.ow();
    }

    /// Output positions of a part, a multiple of the tile's depth.
    private static int part(ConvShape s, Profile profile) {
        int tiles = Math.ceilDiv(s.kh() * s.kw() * s.groupIn(), Tiles.ROWS)
                * Math.ceilDiv(s.groupOut(), Tiles.COLUMNS)
                * s.groups();
        int wanted = Math.ceilDiv(positions(s), Math.max(1, profile.groups() / tiles));
        return Math.ceilDiv(Math.clamp(wanted, LEAST, MOST), Tiles.DEPTH) * Tiles.DEPTH;
    }

    private static int parts(ConvShape s, Profile profile) {
        return Math.max(1, Math.ceilDiv(positions(s), part(s, profile)));
    }

    private static ConvShape extents(Conv2dWeightGradient op, Shape x) {
        return op.conv().extents(x, op.weights());
    }

    @Override
    public long scratch(Conv2dWeightGradient op, Node call, Profile profile) {
        int parts = parts(extents(op, call.input(0).shape()), profile);
        return parts == 1 ? 0 : parts * call.shape().size();
    }

    @Override
    public void emit(Conv2dWeightGradient op, Args a, Launches gpu) {
        ConvShape s = extents(op, a.shape(0));
        int parts = parts(s, gpu.profile());
        if (a.size() == 0) {
            return;
        }
        int[] block = ConvBlock.of(s, part(s, gpu.profile()), a.in(0), a.in(1), parts == 1 ? a.out() : a.scratch());
        block[3] = a.size();
        if (s.groupOut() < Conv2dTornado.NARROW) {
            gpu.launch(
                    "conv.weightGradientPerWeight",
                    Conv2dWeightGradientTornado::perWeight,
                    new Grid(Math.ceilDiv(a.size(), Grid.GROUP), parts, 1, Grid.GROUP, 1),
                    a.arenas(0, 1),
                    block);
        } else {
            gpu.launch(
                    "conv.weightGradientPerTile",
                    Conv2dWeightGradientTornado::perTile,
                    Grid.tiles(
                            s.kh() * s.kw() * s.groupIn(), s.groupOut(), Tiles.ROWS, Tiles.COLUMNS, s.groups() * parts),
                    a.arenas(0, 1),
                    block);
        }
        if (parts > 1) {
            gpu.launch(
                    "conv.addParts",
                    Conv2dWeightGradientTornado::addParts,
                    Grid.threads(a.size()),
                    a.scratch(),
                    a.out(),
                    a.size(),
                    parts);
        }
    }

    @Override
    public boolean anywhere(Conv2dWeightGradient op, int operand) {
        return operand != Areas.RESULT;
    }

    static void addParts(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        int n = arg.get(2);
        if (i < n) {
            float sum = 0f;
            for (int part = 0; part < arg.get(3); part++) {
                sum += mem.get(arg.get(0) + part * n + i);
            }
            mem.set(arg.get(1) + i, sum);
        }
    }

    static void perWeight(
            KernelContext c,
            FloatArray mem,
            FloatArray a,
            FloatArray b,
            FloatArray e,
            FloatArray result,
            IntArray ints,
            IntArray arg) {
        int i = c.globalIdx;
        int n = arg.get(3);
        int part = c.groupIdy;
        if (i < n) {
            int h = arg.get(ConvBlock.H);
            int w = arg.get(ConvBlock.W);
            int oh = arg.get(ConvBlock.OH);
            int ow = arg.get(ConvBlock.OW);
            int out = arg.get(ConvBlock.OUT);
            int groupIn = arg.get(ConvBlock.GROUP_IN);
            int o = i % out;
            int channel = i / out % groupIn + o / arg.get(ConvBlock.GROUP_OUT) * groupIn;
            int tap = i / out / groupIn;
            int up = tap / arg.get(ConvBlock.KW) * arg.get(ConvBlock.DILATION_H) - arg.get(ConvBlock.PADDING_H);
            int along = tap % arg.get(ConvBlock.KW) * arg.get(ConvBlock.DILATION_W) - arg.get(ConvBlock.PADDING_W);
            int all = arg.get(ConvBlock.N) * oh * ow;
            int from = part * arg.get(ConvBlock.SPLIT);
            int to = from + arg.get(ConvBlock.SPLIT) < all ? from + arg.get(ConvBlock.SPLIT) : all;
            float sum = 0f;
            for (int p = from; p < to; p++) {
                int iy = p / ow % oh * arg.get(ConvBlock.STRIDE_H) + up;
                int ix = p % ow * arg.get(ConvBlock.STRIDE_W) + along;
                if (iy >= 0 && iy < h && ix >= 0 && ix < w) {
                    sum += a.get(arg.get(0) + ((p / ow / oh * h + iy) * w + ix) * arg.get(ConvBlock.IN) + channel)
                            * b.get(arg.get(1) + p * out + o);
                }
            }
            result.set(arg.get(2) + part * n + i, sum);
        }
    }

    static void perTile(
            KernelContext c,
            FloatArray mem,
            FloatArray a,
            FloatArray b,
            FloatArray e,
            FloatArray result,
            IntArray ints,
            IntArray arg) {
        float[] left = c.allocateFloatLocalArray(Tiles.LEFT);
        float[] right = c.allocateFloatLocalArray(Tiles.RIGHT);
        int[] image = c.allocateIntLocalArray(Tiles.DEPTH);
        int[] top = c.allocateIntLocalArray(Tiles.DEPTH);
        int[] side = c.allocateIntLocalArray(Tiles.DEPTH);
        float[] sums = new float[Tiles.SUMS];
        for (int i = 0; i < Tiles.SUMS; i++) {
            sums[i] = 0f;
        }
        int x = c.localIdx;
        int y = c.localIdy;
        int t = y * 16 + x;
        int h = arg.get(ConvBlock.H);
        int w = arg.get(ConvBlock.W);
        int oh = arg.get(ConvBlock.OH);
        int ow = arg.get(ConvBlock.OW);
        int in = arg.get(ConvBlock.IN);
        int kw = arg.get(ConvBlock.KW);
        int out = arg.get(ConvBlock.OUT);
        int groupIn = arg.get(ConvBlock.GROUP_IN);
        int groupOut = arg.get(ConvBlock.GROUP_OUT);
        int rows = arg.get(ConvBlock.KH) * kw * groupIn;
        int group = c.groupIdz % arg.get(ConvBlock.GROUPS);
        int part = c.groupIdz / arg.get(ConvBlock.GROUPS);
        int all = arg.get(ConvBlock.N) * oh * ow;
        int from = part * arg.get(ConvBlock.SPLIT);
        int to = from + arg.get(ConvBlock.SPLIT) < all ? from + arg.get(ConvBlock.SPLIT) : all;
        int row0 = c.groupIdy * Tiles.ROWS;
        int column0 = c.groupIdx * Tiles.COLUMNS;
        int leftRow = t & 127;
        int tap = (row0 + leftRow) / groupIn;
        int channel = (row0 + leftRow) % groupIn + group * groupIn;
        int up = tap / kw * arg.get(ConvBlock.DILATION_H) - arg.get(ConvBlock.PADDING_H);
        int along = tap % kw * arg.get(ConvBlock.DILATION_W) - arg.get(ConvBlock.PADDING_W);
        for (int p0 = from; p0 < to; p0 += Tiles.DEPTH) {
            if (t < Tiles.DEPTH) { // the windows of these positions, once for all rows
                int p = p0 + t;
                image[t] = p / ow / oh * h;
                top[t] = p < to
                        ? p / ow % oh * arg.get(ConvBlock.STRIDE_H)
                        : -1_000_000_000; // beyond the last position nothing is inside
                side[t] = p % ow * arg.get(ConvBlock.STRIDE_W);
            }
            c.localBarrier(); // also behind the products before, which read what is written next
            for (int r = 0; r < 8; r++) {
                int k = (t >> 7) + 2 * r;
                int iy = top[k] + up;
                int ix = side[k] + along;
                boolean inside = row0 + leftRow < rows && iy >= 0 && iy < h && ix >= 0 && ix < w;
                left[k * Tiles.LEFT_STRIDE + leftRow] =
                        inside ? a.get(arg.get(0) + ((image[k] + iy) * w + ix) * in + channel) : 0f;
            }
            for (int r = 0; r < 4; r++) {
                int k = (t >> 6) + 4 * r;
                int j = t & 63;
                right[k * Tiles.RIGHT_STRIDE + j] = column0 + j < groupOut && p0 + k < to
                        ? b.get(arg.get(1) + (p0 + k) * out + group * groupOut + column0 + j)
                        : 0f;
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
        }
        Tiles.store(
                mem,
                result,
                sums,
                -1,
                arg.get(2) + part * arg.get(3) + group * groupOut,
                out,
                rows,
                groupOut,
                row0 + y * 8,
                column0 + x,
                false);
    }
}
