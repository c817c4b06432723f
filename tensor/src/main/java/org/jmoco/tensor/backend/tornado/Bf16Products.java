package org.jmoco.tensor.backend.tornado;

import org.jmoco.tensor.Node;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.enums.MMAShape;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// Products of matrices whose elements are bfloat16 already, on matrix units, in the tiles of [Fragments].
///
/// Both operands are first written as pairs of bfloat16 into scratch memory, whatever their strides: the left one
/// `[m, depth / 2]`, the right one `[depth, n / 2]`. Here `depth` is k up to the next multiple of 16; there are zeros
/// behind k.
public final class Bf16Products {
    private Bf16Products() {}

    /// Whether a call is computed here: the device has matrix units, both operands were rounded, and fragments make up
    /// the result.
    static boolean take(MatrixProduct p, Node call, Profile profile) {
        return profile.matrixUnits()
                && Bf16Pairs.areRounded(call)
                && tiles(p, call).fit()
                && words(p) <= FragmentTiles.MOST_WORDS;
    }

    private static int depth(MatrixProduct p) {
        return Math.ceilDiv(p.k(), Fragments.DEPTH) * Fragments.DEPTH;
    }

    private static FragmentTiles tiles(MatrixProduct p, Node call) {
        return new FragmentTiles(p.m(), p.n(), depth(p), call.inputs().size() > 2);
    }

    private static Bf16Pairs left(MatrixProduct p) {
        return new Bf16Pairs(p.m(), p.k(), p.aRow(), p.aColumn(), 1, p.m(), depth(p) / 2);
    }

    private static Bf16Pairs right(MatrixProduct p) {
        return Bf16Pairs.of(p.k(), p.n(), p.bRow(), p.bColumn()).upTo(depth(p));
    }

    /// Words of both operands.
    static long words(MatrixProduct p) {
        return left(p).words() + right(p).words();
    }

    /// Floats of scratch memory beside them.
    static long scratch(MatrixProduct p, Node call) {
        return tiles(p, call).scratch();
    }

    static void emit(MatrixProduct p, Args a, Launches gpu) {
        int left = a.scratchInts();
        int right = left(p).pack(gpu, a, 0, left);
        right(p).pack(gpu, a, 1, right);
        tiles(p, a.node()).launch(gpu, a, "matmul.bf16PerTile", Bf16Products::perTile, left, right);
    }

    /// The argument block: that of [FragmentTiles], left and right words.
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
        int[] leftAt = new int[4];
        int[] rightAt = new int[4];
        int m = arg.get(1);
        int n = arg.get(2);
        int depth = arg.get(3);
        int from = c.groupIdz * arg.get(4);
        int to = from + arg.get(4) < depth ? from + arg.get(4) : depth;
        int at = arg.get(0) + c.groupIdz * m * n;
        int leftStride = depth >> 1;
        int rightStride = n >> 1;
        int t = c.localIdx;
        int pair = c.groupIdx * (Fragments.TILE / 2) + (t & 63);
        int known = pair < rightStride ? pair : rightStride - 1;
        for (int r = 0; r < 4; r++) {
            int row = Fragments.row(c.groupIdy * Fragments.TILE + (t >> 3) + 32 * r, m);
            leftAt[r] = arg.get(5) + row * leftStride + (t & 7);
            rightAt[r] = arg.get(6) + ((t >> 6) + 4 * r) * rightStride + known;
        }
        int leftTo = Fragments.left(t >> 3, t & 7);
        int rightTo = Fragments.right(t >> 6, t & 63);
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
            leftNext[r] = ints.get(leftAt[r] + (from >> 1));
            rightNext[r] = ints.get(rightAt[r] + from * rightStride);
        }
        int half = 0;
        for (int k0 = from; k0 < to; k0 += Fragments.DEPTH) {
            for (int r = 0; r < 4; r++) {
                left[half * Fragments.LEFT + leftTo + 256 * r] = leftNext[r];
                right[half * Fragments.RIGHT + rightTo + 16 * r] = rightNext[r];
            }
            c.localBarrier();
            int next = k0 + Fragments.DEPTH < to ? k0 + Fragments.DEPTH : k0;
            for (int r = 0; r < 4; r++) {
                leftNext[r] = ints.get(leftAt[r] + (next >> 1));
                rightNext[r] = ints.get(rightAt[r] + next * rightStride);
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
        Fragments.store(c, s00, result, at, row0, column0, m, n);
        Fragments.store(c, s01, result, at, row0, column0 + 8, m, n);
        Fragments.store(c, s02, result, at, row0, column0 + 16, m, n);
        Fragments.store(c, s03, result, at, row0, column0 + 24, m, n);
        Fragments.store(c, s10, result, at, row0 + 16, column0, m, n);
        Fragments.store(c, s11, result, at, row0 + 16, column0 + 8, m, n);
        Fragments.store(c, s12, result, at, row0 + 16, column0 + 16, m, n);
        Fragments.store(c, s13, result, at, row0 + 16, column0 + 24, m, n);
        Fragments.store(c, s20, result, at, row0 + 32, column0, m, n);
        Fragments.store(c, s21, result, at, row0 + 32, column0 + 8, m, n);
        Fragments.store(c, s22, result, at, row0 + 32, column0 + 16, m, n);
        Fragments.store(c, s23, result, at, row0 + 32, column0 + 24, m, n);
        Fragments.store(c, s30, result, at, row0 + 48, column0, m, n);
        Fragments.store(c, s31, result, at, row0 + 48, column0 + 8, m, n);
        Fragments.store(c, s32, result, at, row0 + 48, column0 + 16, m, n);
        Fragments.store(c, s33, result, at, row0 + 48, column0 + 24, m, n);
    }
}
