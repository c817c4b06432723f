package org.jmoco.tensor.ops.conv;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.Parts;
import org.jmoco.tensor.backend.tornado.Profile;
import org.jmoco.tensor.backend.tornado.Sgemm;
import org.jmoco.tensor.backend.tornado.Tiles;
import org.jmoco.tensor.backend.tornado.Tiling;
import org.jmoco.tensor.backend.tornado.TornadoKernel;
import org.jmoco.tensor.plan.Areas;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
/// Implicit matrix product: rows are the kernel's taps with the input channels of a group, columns output channels,
/// and the products of a result run over all output positions. These are many and the results few, so they are split
/// among work-groups, whose sums are added in a second launch, in the order of the positions. Of operands that were
/// rounded to bfloat16 they are computed on [matrix units][WeightFragmentsTornado].
///
/// The argument block: x, dy, dw or partial sums, floats of dw, then [ConvBlock].

final class Conv2dWeightGradientTornado implements TornadoKernel<Conv2dWeightGradient> {
    /// What is known of a row: where it is gathered from at position 0, the height and width there.
    private static final int OF_A_ROW = 4;

    private static int positions(ConvShape s) {
        return s.n() * s.oh() * s.ow();
    }

    private static Tiling tiling(ConvShape s) {
        return Tiling.of(s.kh() * s.kw() * s.groupIn(), s.groupOut(), positions(s), s.groups());
    }

    /// Whether it is a product of matrices as they lie, with tiles that are not nearly empty.
    private static boolean plain(ConvShape s) {
        return s.pointwise() && s.groups() == 1 && s.in() >= Conv2dTornado.NARROW && s.out() >= Conv2dTornado.NARROW;
    }

    private static ConvShape extents(Conv2dWeightGradient op, Shape x) {
        return op.conv().extents(x, op.weights());
    }

    private static WeightFragmentsTornado.Weights fragments(ConvShape s) {
        return new WeightFragmentsTornado.Weights(s);
    }

    @Override
    public long scratch(Conv2dWeightGradient op, Node call, Profile profile) {
        ConvShape s = extents(op, call.input(0).shape());
        if (fragments(s).take(call, profile)) {
            return fragments(s).scratch();
        }
        return tiling(s).scratch(call.shape().size());
    }

    @Override
    public long scratchInts(Conv2dWeightGradient op, Node call, Profile profile) {
        ConvShape s = extents(op, call.input(0).shape());
        return fragments(s).take(call, profile) ? fragments(s).words() : 0;
    }

    @Override
    public void emit(Conv2dWeightGradient op, Args a, Launches gpu) {
        ConvShape s = extents(op, a.shape(0));
        if (a.size() == 0) {
            return;
        }
        if (fragments(s).take(a.node(), gpu.profile())) {
            fragments(s).emit(a, gpu);
            return;
        }
        if (plain(s)) {
            Sgemm.product(
                    gpu,
                    a.arenas(0, 1),
                    a.in(0),
                    1,
                    s.in(),
                    a.in(1),
                    s.out(),
                    1,
                    a.out(),
                    s.in(),
                    s.out(),
                    positions(s),
                    -1,
                    a.scratch());
            return;
        }
        Tiling tiling = tiling(s);
        int parts = tiling.parts();
        int[] block = ConvBlock.of(s, tiling.part(), a.in(0), a.in(1), parts == 1 ? a.out() : a.scratch());
        block[3] = a.size();
        Grid grid = tiling.grid(s.kh() * s.kw() * s.groupIn(), s.groupOut(), s.groups());
        if (s.groupOut() < Conv2dTornado.NARROW || positions(s) == 0) {
            gpu.launch(
                    "conv.weightGradientPerWeight",
                    Conv2dWeightGradientTornado::perWeight,
                    new Grid(Math.ceilDiv(a.size(), Grid.GROUP), parts, 1, Grid.GROUP, 1),
                    a.arenas(0, 1),
                    block);
        } else if (tiling.wide()) {
            gpu.launch(
                    "conv.weightGradientPerWideTile",
                    Conv2dWeightGradientTornado::perWideTile,
                    grid,
                    a.arenas(0, 1),
                    block);
        } else {
            gpu.launch("conv.weightGradientPerTile", Conv2dWeightGradientTornado::perTile, grid, a.arenas(0, 1), block);
        }
        if (parts > 1) {
            Parts.add(gpu, 0, a.scratch(), a.out(), a.size(), parts, 1, -1);
        }
    }

    @Override
    public boolean anywhere(Conv2dWeightGradient op, int operand) {
        return operand != Areas.RESULT;
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
        products(c, mem, a, b, result, arg, false);
    }

    static void perWideTile(
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

    /// As in [WindowTilesTornado], but a row is a tap of a channel, kept in local memory, and a product is that of an
    /// output position, which is carried from one tile to the next by additions.
    private static void products(
            KernelContext c,
            FloatArray mem,
            FloatArray images,
            FloatArray gradients,
            FloatArray result,
            IntArray arg,
            boolean wide) {
        float[] left = c.allocateFloatLocalArray(Tiles.LEFT);
        float[] right = c.allocateFloatLocalArray(Tiles.RIGHT);
        int[] rowTable = c.allocateIntLocalArray(Tiles.ROWS * OF_A_ROW);
        float[] sums = new float[Tiles.SUMS];
        float[] leftNext = new float[Tiles.LEFT_READS];
        float[] rightNext = new float[Tiles.RIGHT_READS];
        int[] leftAt = new int[Tiles.LEFT_READS];
        int[] rightAt = new int[Tiles.RIGHT_READS];
        for (int i = 0; i < Tiles.SUMS; i++) {
            sums[i] = 0f;
        }
        int depth = wide ? Tiles.WIDE_DEPTH : Tiles.DEPTH;
        int reads = wide ? Tiles.WIDE_LEFT_READS : Tiles.LEFT_READS;
        int pace = wide ? Tiles.WIDE_PACE : Tiles.PACE;
        int rightStride = wide ? Tiles.WIDE_RIGHT_STRIDE : Tiles.RIGHT_STRIDE;
        int x = c.localIdx;
        int y = c.localIdy;
        int t = y * 16 + x;
        int ownK = wide ? t >> 5 : y;
        int beside = wide ? t & 31 : x; // neighbouring threads read neighbouring channels
        int group = c.groupIdz % arg.get(ConvBlock.GROUPS);
        int part = c.groupIdz / arg.get(ConvBlock.GROUPS);
        int groupOut = arg.get(ConvBlock.GROUP_OUT);
        int all = arg.get(ConvBlock.N) * arg.get(ConvBlock.OH) * arg.get(ConvBlock.OW);
        int from = part * arg.get(ConvBlock.SPLIT);
        int to = from + arg.get(ConvBlock.SPLIT) < all ? from + arg.get(ConvBlock.SPLIT) : all;
        int row0 = c.groupIdy * Tiles.ROWS;
        int column0 = c.groupIdx * (wide ? Tiles.WIDE_COLUMNS : Tiles.COLUMNS);
        if (t < Tiles.ROWS) {
            int w = arg.get(ConvBlock.W);
            int in = arg.get(ConvBlock.IN);
            int groupIn = arg.get(ConvBlock.GROUP_IN);
            int kw = arg.get(ConvBlock.KW);
            int tap = (row0 + t) / groupIn;
            int tapY = tap / kw;
            int up = tapY * arg.get(ConvBlock.DILATION_H) - arg.get(ConvBlock.PADDING_H);
            int along = (tap - tapY * kw) * arg.get(ConvBlock.DILATION_W) - arg.get(ConvBlock.PADDING_W);
            rowTable[t * OF_A_ROW] = arg.get(0) + (up * w + along) * in + group * groupIn + row0 + t - tap * groupIn;
            rowTable[t * OF_A_ROW + 1] =
                    tapY < arg.get(ConvBlock.KH) ? up : -1_000_000_000; // beyond the last row nothing is inside
            rowTable[t * OF_A_ROW + 2] = along;
        }
        for (int r = 0; r < Tiles.RIGHT_READS; r++) {
            int column = column0 + beside + pace * r;
            rightAt[r] = arg.get(1) + group * groupOut + (column < groupOut ? column : groupOut - 1);
        }
        int leftTo = ownK * Tiles.LEFT_STRIDE + beside;
        int rightTo = ownK * rightStride + beside;
        int line = (from + ownK) / arg.get(ConvBlock.OW);
        int ox = from + ownK - line * arg.get(ConvBlock.OW);
        int image = line / arg.get(ConvBlock.OH);
        int oy = line - image * arg.get(ConvBlock.OH);
        int half = 0;
        c.localBarrier();
        for (int k0 = from - depth; k0 < to; k0 += depth) {
            int next = k0 + depth + ownK;
            int h = arg.get(ConvBlock.H); // read here again, for registers are scarcer than reads
            int w = arg.get(ConvBlock.W);
            int top = oy * arg.get(ConvBlock.STRIDE_H);
            int side = ox * arg.get(ConvBlock.STRIDE_W);
            int offset = ((image * h + top) * w + side) * arg.get(ConvBlock.IN);
            for (int r = 0; r < reads; r++) {
                int at = (beside + pace * r) * OF_A_ROW;
                int yy = rowTable[at + 1] + top;
                int xx = rowTable[at + 2] + side;
                int outside = (to - 1 - next) | yy | xx | (h - 1 - yy) | (w - 1 - xx); // below 0 if one of them is
                leftAt[r] = outside < 0 ? -1 : rowTable[at] + offset;
            }
            for (int r = 0; r < reads; r++) {
                leftNext[r] = images.get(leftAt[r] < 0 ? 0 : leftAt[r]);
            }
            int atRight = (next < to ? next : to - 1) * arg.get(ConvBlock.OUT);
            for (int r = 0; r < Tiles.RIGHT_READS; r++) {
                rightNext[r] = gradients.get(rightAt[r] + atRight);
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
                right[rightHalf + pace * r] = next < to ? rightNext[r] : 0f;
            }
            ox += depth;
            int ow = arg.get(ConvBlock.OW);
            int oh = arg.get(ConvBlock.OH);
            while (ox >= ow) {
                ox -= ow;
                oy++;
            }
            while (oy >= oh) {
                oy -= oh;
                image++;
            }
            c.localBarrier();
        }
        Tiles.store(
                mem,
                result,
                sums,
                -1,
                arg.get(2) + part * arg.get(3) + group * groupOut,
                arg.get(ConvBlock.OUT),
                arg.get(ConvBlock.KH) * arg.get(ConvBlock.KW) * arg.get(ConvBlock.GROUP_IN),
                groupOut,
                row0 + y * 8,
                column0 + x,
                wide);
    }
}
