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

/// Gradients of a convolution's weights, of operands that are bfloat16 already: implicit matrix products on matrix
/// units, in the tiles of [Fragments]. Rows are taps and input channels, columns output channels, and the products of
/// a result run over the output positions.
///
/// First x is written as pairs of input channels, `[n, h, w, in / 2]`, and dy as pairs of output channels,
/// `[positions, out / 2]`, with zeros up to a multiple of 16 positions; then a [WindowTableTornado] of the positions.
/// A thread reads the words of two neighbouring positions and makes pairs of positions of them, for two channels. A
/// warp brings 16 rows, which have the same tap.
final class WeightFragmentsTornado {
    private WeightFragmentsTornado() {}

    /// A convolution as this kernel sees it.
    record Weights(ConvShape shape) {
        private int positions() {
            return shape.n() * shape.oh() * shape.ow();
        }

        private FragmentTiles tiles() {
            int depth = Math.ceilDiv(positions(), Fragments.DEPTH) * Fragments.DEPTH;
            return new FragmentTiles(shape.kh() * shape.kw() * shape.in(), shape.out(), depth, false);
        }

        /// x, with a row of zeros behind it.
        private Bf16Pairs pixels() {
            int pixels = shape.n() * shape.h() * shape.w();
            return Bf16Pairs.of(pixels, shape.in(), shape.in(), 1).upTo(pixels + 1);
        }

        private Bf16Pairs gradients() {
            return Bf16Pairs.of(positions(), shape.out(), shape.out(), 1).upTo(tiles().depth());
        }

        /// Whether a call is computed here.
        boolean take(Node call, Profile profile) {
            return profile.matrixUnits()
                    && shape.groups() == 1
                    && shape.in() % Fragments.ROWS == 0
                    && tiles().fit()
                    && words() <= FragmentTiles.MOST_WORDS
                    && Bf16Pairs.areRounded(call);
        }

        /// Integers of scratch memory.
        long words() {
            return (long) shape.kh() * shape.kw() * tiles().depth()
                    + pixels().words()
                    + gradients().words();
        }

        /// Floats of scratch memory.
        long scratch() {
            return tiles().scratch();
        }

        void emit(Args a, Launches gpu) {
            int depth = tiles().depth();
            int pixels = a.scratchInts();
            int gradients = pixels().pack(gpu, a, 0, pixels);
            int table = gradients().pack(gpu, a, 1, gradients);
            WindowTableTornado.launch(gpu, shape, false, pixels, depth, depth, table);
            tiles().launch(
                            gpu,
                            a,
                            "conv.bf16WeightGradientPerTile",
                            WeightFragmentsTornado::perTile,
                            table,
                            gradients,
                            shape.in());
        }
    }

    /// The argument block: that of [FragmentTiles], the table, dy, input channels.
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
        int rows = arg.get(1);
        int columns = arg.get(2);
        int depth = arg.get(3);
        int from = c.groupIdz * arg.get(4);
        int to = from + arg.get(4) < depth ? from + arg.get(4) : depth;
        int at = arg.get(0) + c.groupIdz * rows * columns;
        int channels = arg.get(7);
        int t = c.localIdx;
        int rightStride = columns >> 1;
        int column = c.groupIdx * (Fragments.TILE / 2) + (t & 63);
        int rightAt = arg.get(6) + (t >> 6) * rightStride + (column < rightStride ? column : rightStride - 1);
        int rightTo = Fragments.right(t >> 6, t & 63);
        int row = (t >> 5) * Fragments.ROWS;
        int known = Fragments.row(c.groupIdy * Fragments.TILE + row, rows);
        int tap = known / channels;
        int channel = ((known - tap * channels) >> 1) + (t & 3);
        int pair = (t & 31) >> 2;
        int table = arg.get(5) + tap * depth + 2 * pair;
        int leftTo = Fragments.left(row + 2 * (t & 3), pair);
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
        int first = ints.get(table + from);
        int second = ints.get(table + from + 1);
        for (int r = 0; r < 4; r++) {
            leftNext[r] = ints.get(((r & 1) == 0 ? first : second) + channel + 2 * (r & 2));
            rightNext[r] = ints.get(rightAt + (from + 4 * r) * rightStride);
        }
        int after = from + Fragments.DEPTH < to ? from + Fragments.DEPTH : from;
        first = ints.get(table + after);
        second = ints.get(table + after + 1);
        int half = 0;
        for (int k0 = from; k0 < to; k0 += Fragments.DEPTH) {
            for (int r = 0; r < 2; r++) { // channels 2i, 2i + 1, and those 8 behind them
                int x = leftNext[2 * r];
                int y = leftNext[2 * r + 1];
                int to0 = half * Fragments.LEFT + leftTo + 64 * r;
                left[to0] = x & 0xFFFF | y << 16;
                left[to0 + 8] = x >> 16 & 0xFFFF | y & 0xFFFF0000; // TornadoVM makes >> of >>>
            }
            for (int r = 0; r < 4; r++) {
                right[half * Fragments.RIGHT + rightTo + 16 * r] = rightNext[r];
            }
            c.localBarrier();
            int next = k0 + Fragments.DEPTH < to ? k0 + Fragments.DEPTH : k0;
            for (int r = 0; r < 4; r++) {
                leftNext[r] = ints.get(((r & 1) == 0 ? first : second) + channel + 2 * (r & 2));
                rightNext[r] = ints.get(rightAt + (next + 4 * r) * rightStride);
            }
            after = next + Fragments.DEPTH < to ? next + Fragments.DEPTH : next;
            first = ints.get(table + after);
            second = ints.get(table + after + 1);
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
