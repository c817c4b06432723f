package org.jmoco.tensor.ops.conv;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Bf16Pairs;
import org.jmoco.tensor.backend.tornado.FragmentTiles;
import org.jmoco.tensor.backend.tornado.Fragments;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.Profile;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.enums.MMAShape;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// Convolutions, and gradients of their images, of operands that are bfloat16 already: implicit matrix products on
/// matrix units, in the tiles of [Fragments]. Rows and columns are those of [WindowTilesTornado].
///
/// First both operands are written as pairs of channels, the images `[n, h, w, channels / 2]` and the weights
/// `[taps · channels, columns / 2]`; then a [WindowTableTornado] of the rows that tiles show. There a thread finds the
/// pixel of a row at a tap, one step ahead of the pixel's channels.
final class WindowFragmentsTornado {
    private WindowFragmentsTornado() {}

    /// A convolution as these kernels see it.
    ///
    /// @param shape    its extents
    /// @param gradient whether the gradient of its images is computed
    /// @param bias     whether a bias is added
    record Windows(ConvShape shape, boolean gradient, boolean bias) {
        private int taps() {
            return shape.kh() * shape.kw();
        }

        /// Channels of what is gathered.
        private int channels() {
            return gradient ? shape.out() : shape.in();
        }

        private FragmentTiles tiles() {
            int positions = gradient ? shape.h() * shape.w() : shape.oh() * shape.ow();
            return new FragmentTiles(
                    shape.n() * positions, gradient ? shape.in() : shape.out(), taps() * channels(), bias);
        }

        /// What is gathered, with a row of zeros behind it.
        private Bf16Pairs pixels() {
            int pixels = shape.n() * (gradient ? shape.oh() * shape.ow() : shape.h() * shape.w());
            return Bf16Pairs.of(pixels, channels(), channels(), 1).upTo(pixels + 1);
        }

        private Bf16Pairs weights() {
            return gradient
                    ? new Bf16Pairs(shape.out(), shape.in(), 1, shape.out(), taps(), shape.out(), shape.in() / 2)
                    : Bf16Pairs.of(taps() * shape.in(), shape.out(), shape.out(), 1);
        }

        /// Rows that the tiles show.
        private int shown() {
            return Math.ceilDiv(tiles().rows(), Fragments.TILE) * Fragments.TILE;
        }

        /// Whether a call is computed here.
        boolean take(Node call, Profile profile) {
            return profile.matrixUnits()
                    && shape.groups() == 1
                    && channels() % Fragments.DEPTH == 0
                    && tiles().fit()
                    && words() <= FragmentTiles.MOST_WORDS
                    && Bf16Pairs.areRounded(call);
        }

        /// Integers of scratch memory.
        long words() {
            return (long) taps() * shown() + pixels().words() + weights().words();
        }

        /// Floats of scratch memory.
        long scratch() {
            return tiles().scratch();
        }

        void emit(Args a, Launches gpu) {
            int pixels = a.scratchInts();
            int weights = pixels().pack(gpu, a, 0, pixels);
            int table = weights().pack(gpu, a, 1, weights);
            WindowTableTornado.launch(gpu, shape, gradient, pixels, tiles().rows(), shown(), table);
            tiles().launch(
                            gpu,
                            a,
                            gradient ? "conv.bf16InputGradientPerTile" : "conv.bf16PerTile",
                            WindowFragmentsTornado::perTile,
                            table,
                            shown(),
                            weights,
                            channels() / 2);
        }
    }

    /// The argument block: that of [FragmentTiles], the table and its rows for a tap, the weights, words of a pixel.
    static void perTile(
            KernelContext c,
            FloatArray mem,
            FloatArray a,
            FloatArray b,
            FloatArray e,
            FloatArray result,
            IntArray ints,
            IntArray arg) {
        int[] left = c.allocateIntLocalArray(2 * Fragments.LEFT);
        int[] right = c.allocateIntLocalArray(2 * Fragments.RIGHT);
        int[] leftNext = new int[4];
        int[] rightNext = new int[4];
        int[] pixel = new int[4];
        int rows = arg.get(1);
        int columns = arg.get(2);
        int depth = arg.get(3);
        int from = c.groupIdz * arg.get(4);
        int to = from + arg.get(4) < depth ? from + arg.get(4) : depth;
        int at = arg.get(0) + c.groupIdz * rows * columns;
        int words = arg.get(8);
        int t = c.localIdx;
        int rightStride = columns >> 1;
        int column = c.groupIdx * (Fragments.TILE / 2) + (t & 63);
        int rightAt = arg.get(7) + (t >> 6) * rightStride + (column < rightStride ? column : rightStride - 1);
        int rightTo = Fragments.right(t >> 6, t & 63);
        int tap = from / (2 * words);
        int channel = (from >> 1) - tap * words;
        int ofTap = arg.get(6);
        int table = arg.get(5) + tap * ofTap + c.groupIdy * Fragments.TILE + (t >> 3);
        int leftTo = Fragments.left(t >> 3, t & 7);
        int warp = t >> 5;
        int row0 = c.groupIdy * Fragments.TILE + (warp & 1) * 64;
        int column0 = c.groupIdx * Fragments.TILE + (warp >> 1) * 32;
        int leftWarp = (warp & 1) * 4 * Fragments.BLOCK_BYTES + Fragments.laneBytes(t);
        int rightWarp = (warp >> 1) * 4 * Fragments.PANEL_BYTES;
        float[] s00 = c.mmaFragment(0f);
        float[] s01 = c.mmaFragment(0f);
        float[] s02 = c.mmaFragment(0f);
        float[] s03 = c.mmaFragment(0f);
        float[] s10 = c.mmaFragment(0f);
        float[] s11 = c.mmaFragment(0f);
        float[] s12 = c.mmaFragment(0f);
        float[] s13 = c.mmaFragment(0f);
        float[] s20 = c.mmaFragment(0f);
        float[] s21 = c.mmaFragment(0f);
        float[] s22 = c.mmaFragment(0f);
        float[] s23 = c.mmaFragment(0f);
        float[] s30 = c.mmaFragment(0f);
        float[] s31 = c.mmaFragment(0f);
        float[] s32 = c.mmaFragment(0f);
        float[] s33 = c.mmaFragment(0f);
        for (int r = 0; r < 4; r++) {
            pixel[r] = ints.get(table + 32 * r);
        }
        for (int r = 0; r < 4; r++) {
            leftNext[r] = ints.get(pixel[r] + channel + (t & 7));
            rightNext[r] = ints.get(rightAt + (from + 4 * r) * rightStride);
        }
        channel += Fragments.DEPTH / 2;
        int more = from + Fragments.DEPTH < to ? ofTap : 0;
        table += channel == words ? more : 0;
        channel = channel == words ? 0 : channel;
        for (int r = 0; r < 4; r++) {
            pixel[r] = ints.get(table + 32 * r);
        }
        int half = 0;
        for (int k0 = from; k0 < to; k0 += Fragments.DEPTH) {
            for (int r = 0; r < 4; r++) {
                left[half * Fragments.LEFT + leftTo + 256 * r] = leftNext[r];
                right[half * Fragments.RIGHT + rightTo + 16 * r] = rightNext[r];
            }
            c.localBarrier();
            int next = k0 + Fragments.DEPTH < to ? k0 + Fragments.DEPTH : k0;
            for (int r = 0; r < 4; r++) { // behind the last products, something that is not used
                leftNext[r] = ints.get(pixel[r] + channel + (t & 7));
                rightNext[r] = ints.get(rightAt + (next + 4 * r) * rightStride);
            }
            channel += Fragments.DEPTH / 2;
            more = next + Fragments.DEPTH < to ? ofTap : 0;
            table += channel == words ? more : 0;
            channel = channel == words ? 0 : channel;
            for (int r = 0; r < 4; r++) {
                pixel[r] = ints.get(table + 32 * r);
            }
            int leftBytes = half * Fragments.LEFT * 4 + leftWarp;
            int rightBytes = half * Fragments.RIGHT * 4 + rightWarp;
            HalfFloat[] b0 = c.mmaLoadB(right, Fragments.DEPTH, rightBytes);
            HalfFloat[] b1 = c.mmaLoadB(right, Fragments.DEPTH, rightBytes + Fragments.PANEL_BYTES);
            HalfFloat[] b2 = c.mmaLoadB(right, Fragments.DEPTH, rightBytes + 2 * Fragments.PANEL_BYTES);
            HalfFloat[] b3 = c.mmaLoadB(right, Fragments.DEPTH, rightBytes + 3 * Fragments.PANEL_BYTES);
            HalfFloat[] a0 = c.mmaLoadA(left, Fragments.DEPTH, leftBytes);
            s00 = c.mmaBF16(a0, b0, s00, MMAShape.M16N8K16);
            s01 = c.mmaBF16(a0, b1, s01, MMAShape.M16N8K16);
            s02 = c.mmaBF16(a0, b2, s02, MMAShape.M16N8K16);
            s03 = c.mmaBF16(a0, b3, s03, MMAShape.M16N8K16);
            HalfFloat[] a1 = c.mmaLoadA(left, Fragments.DEPTH, leftBytes + Fragments.BLOCK_BYTES);
            s10 = c.mmaBF16(a1, b0, s10, MMAShape.M16N8K16);
            s11 = c.mmaBF16(a1, b1, s11, MMAShape.M16N8K16);
            s12 = c.mmaBF16(a1, b2, s12, MMAShape.M16N8K16);
            s13 = c.mmaBF16(a1, b3, s13, MMAShape.M16N8K16);
            HalfFloat[] a2 = c.mmaLoadA(left, Fragments.DEPTH, leftBytes + 2 * Fragments.BLOCK_BYTES);
            s20 = c.mmaBF16(a2, b0, s20, MMAShape.M16N8K16);
            s21 = c.mmaBF16(a2, b1, s21, MMAShape.M16N8K16);
            s22 = c.mmaBF16(a2, b2, s22, MMAShape.M16N8K16);
            s23 = c.mmaBF16(a2, b3, s23, MMAShape.M16N8K16);
            HalfFloat[] a3 = c.mmaLoadA(left, Fragments.DEPTH, leftBytes + 3 * Fragments.BLOCK_BYTES);
            s30 = c.mmaBF16(a3, b0, s30, MMAShape.M16N8K16);
            s31 = c.mmaBF16(a3, b1, s31, MMAShape.M16N8K16);
            s32 = c.mmaBF16(a3, b2, s32, MMAShape.M16N8K16);
            s33 = c.mmaBF16(a3, b3, s33, MMAShape.M16N8K16);
            half = 1 - half;
        }
        Fragments.store(c, s00, result, at, row0, column0, rows, columns);
        Fragments.store(c, s01, result, at, row0, column0 + 8, rows, columns);
        Fragments.store(c, s02, result, at, row0, column0 + 16, rows, columns);
        Fragments.store(c, s03, result, at, row0, column0 + 24, rows, columns);
        Fragments.store(c, s10, result, at, row0 + 16, column0, rows, columns);
        Fragments.store(c, s11, result, at, row0 + 16, column0 + 8, rows, columns);
        Fragments.store(c, s12, result, at, row0 + 16, column0 + 16, rows, columns);
        Fragments.store(c, s13, result, at, row0 + 16, column0 + 24, rows, columns);
        Fragments.store(c, s20, result, at, row0 + 32, column0, rows, columns);
        Fragments.store(c, s21, result, at, row0 + 32, column0 + 8, rows, columns);
        Fragments.store(c, s22, result, at, row0 + 32, column0 + 16, rows, columns);
        Fragments.store(c, s23, result, at, row0 + 32, column0 + 24, rows, columns);
        Fragments.store(c, s30, result, at, row0 + 48, column0, rows, columns);
        Fragments.store(c, s31, result, at, row0 + 48, column0 + 8, rows, columns);
        Fragments.store(c, s32, result, at, row0 + 48, column0 + 16, rows, columns);
        Fragments.store(c, s33, result, at, row0 + 48, column0 + 24, rows, columns);
    }
}
