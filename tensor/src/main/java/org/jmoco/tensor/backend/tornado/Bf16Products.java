package org.jmoco.tensor.backend.tornado;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.Op;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.enums.MMAShape;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// Products of matrices whose elements are bfloat16 already, on the matrix units of NVIDIA's GPUs: a warp multiplies
/// 16 × 16 by 16 × 8 elements with an instruction, and adds in float32.
///
/// Both operands are first written as pairs of bfloat16 into scratch memory, whatever their strides: the left one
/// `[m, depth / 2]`, pairs of neighbours along k, the right one `[depth, n / 2]`, pairs of neighbouring columns. Here
/// `depth` is k up to the next multiple of 16; there are zeros behind k.
///
/// A work-group of 8 warps computes [#TILE] × [#TILE] results, each warp 64 × 32 of them in 4 × 4 fragments. What comes
/// next is read before the products of what is there, as in [Tiles].
public final class Bf16Products {
    /// Rows and columns of a tile.
    private static final int TILE = 128;
    /// Products of a result between two barriers, those of one instruction.
    private static final int DEPTH = 16;
    /// Rows and columns of a fragment of sums. It is written whole or not at all.
    private static final int ROWS = 16;
    private static final int COLUMNS = 8;
    /// Pairs of a tile of either operand, of which there are two: one is filled while the other is read.
    private static final int PAIRS = TILE * DEPTH / 2;
    /// Bytes of 16 rows of the left operand's tile, and of 8 columns of the right one's.
    private static final int BLOCK_BYTES = 512;
    private static final int PANEL_BYTES = 256;
    /// Pairs of both operands that scratch memory holds at most.
    private static final long MOST = 1L << 29;

    /// Bits of bfloat16.
    private static final int INFINITE = 0x7F80;
    private static final int NAN = 0x7FC0;

    private static final int MOST_ROWS = 65_535 * TILE;

    private Bf16Products() {}

    /// Whether a call is computed here: the device has matrix units, both operands were rounded, and whole fragments
    /// make up the result.
    static boolean take(MatrixProduct p, Node call, Profile profile) {
        return profile.matrixUnits()
                && call.inputs().size() == 2
                && isRounded(call.input(0))
                && isRounded(call.input(1))
                && p.k() > 0
                && p.m() > 0
                && p.n() > 0
                && p.m() % ROWS == 0
                && p.n() % COLUMNS == 0
                && p.m() <= MOST_ROWS
                && scratch(p) <= MOST;
    }

    private static boolean isRounded(Node n) {
        return n.op() instanceof Op.Bfloat16 || n.op() instanceof Op.View && isRounded(n.input(0));
    }

    private static int depth(MatrixProduct p) {
        return Math.ceilDiv(p.k(), DEPTH) * DEPTH;
    }

    /// Pairs of both operands.
    static long scratch(MatrixProduct p) {
        return (long) depth(p) / 2 * ((long) p.m() + p.n());
    }

    static void emit(MatrixProduct p, Args a, Launches gpu) {
        int depth = depth(p);
        int left = a.scratchInts();
        int right = left + p.m() * (depth / 2);
        pack(gpu, a.arenas(0), a.in(0), p.aRow(), p.aColumn(), p.m(), p.k(), p.m(), depth / 2, left);
        pack(gpu, a.arenas(1), a.in(1), p.bRow(), p.bColumn(), p.k(), p.n(), depth, p.n() / 2, right);
        gpu.launch(
                "matmul.bf16PerTile",
                Bf16Products::perTile,
                new Grid(Math.ceilDiv(p.n(), TILE), Math.ceilDiv(p.m(), TILE), 1, Grid.GROUP, 1),
                a.arenas(0),
                left,
                right,
                a.out(),
                p.m(),
                p.n(),
                depth);
    }

    private static void pack(
            Launches gpu,
            Arenas arenas,
            int from,
            int row,
            int column,
            int rows,
            int columns,
            int high,
            int pairs,
            int to) {
        gpu.launch(
                "matmul.bf16Pairs",
                Bf16Products::perPair,
                Grid.threads((long) high * pairs),
                arenas,
                from,
                row,
                column,
                rows,
                columns,
                high * pairs,
                pairs,
                to);
    }

    /// The argument block: the matrix, its strides, rows and columns, pairs in all and of a row, where they go.
    static void perPair(
            KernelContext c,
            FloatArray mem,
            FloatArray a,
            FloatArray b,
            FloatArray e,
            FloatArray result,
            IntArray ints,
            IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(5)) {
            int rows = arg.get(3);
            int columns = arg.get(4);
            int row = i / arg.get(6);
            int column = 2 * (i - row * arg.get(6));
            int known = row < rows ? row : rows - 1;
            int first = column < columns ? column : columns - 1;
            int second = column + 1 < columns ? column + 1 : columns - 1;
            int at = arg.get(0) + known * arg.get(1);
            int low = bits(a.get(at + first * arg.get(2)));
            int high = bits(a.get(at + second * arg.get(2)));
            int lowOrZero = column < columns ? low : 0;
            int highOrZero = column + 1 < columns ? high : 0;
            int pair = lowOrZero | highOrZero << 16;
            ints.set(arg.get(7) + i, row < rows ? pair : 0);
        }
    }

    /// The 16 bits of a number that is a bfloat16; TornadoVM has no way to those of a float. The exponent is found by
    /// bringing the number into [1, 2) by powers of two, one bit of it after the other.
    private static int bits(float x) {
        float size = x < 0 ? -x : x;
        int magnitude = size < 1f ? bitsBelowOne(size) : bitsFromOne(size);
        int beyond = size > Float.MAX_VALUE ? INFINITE : NAN; // in a driver's hands, NaN is "at least" anything
        int number = size < Float.POSITIVE_INFINITY ? magnitude : beyond;
        return x < 0 ? number | 0x8000 : number;
    }

    private static int bitsFromOne(float size) {
        float s = size;
        int exponent = 127;
        exponent = s >= 0x1p64f ? exponent + 64 : exponent;
        s = s >= 0x1p64f ? s * 0x1p-64f : s;
        exponent = s >= 0x1p32f ? exponent + 32 : exponent;
        s = s >= 0x1p32f ? s * 0x1p-32f : s;
        exponent = s >= 0x1p16f ? exponent + 16 : exponent;
        s = s >= 0x1p16f ? s * 0x1p-16f : s;
        exponent = s >= 0x1p8f ? exponent + 8 : exponent;
        s = s >= 0x1p8f ? s * 0x1p-8f : s;
        exponent = s >= 0x1p4f ? exponent + 4 : exponent;
        s = s >= 0x1p4f ? s * 0x1p-4f : s;
        exponent = s >= 0x1p2f ? exponent + 2 : exponent;
        s = s >= 0x1p2f ? s * 0x1p-2f : s;
        exponent = s >= 0x1p1f ? exponent + 1 : exponent;
        s = s >= 0x1p1f ? s * 0x1p-1f : s;
        return exponent * 128 + (int) (s * 128f) - 128;
    }

    private static int bitsBelowOne(float size) {
        float s = size;
        int exponent = 127;
        exponent = s < 0x1p-63f ? exponent - 64 : exponent;
        s = s < 0x1p-63f ? s * 0x1p64f : s;
        exponent = s < 0x1p-31f ? exponent - 32 : exponent;
        s = s < 0x1p-31f ? s * 0x1p32f : s;
        exponent = s < 0x1p-15f ? exponent - 16 : exponent;
        s = s < 0x1p-15f ? s * 0x1p16f : s;
        exponent = s < 0x1p-7f ? exponent - 8 : exponent;
        s = s < 0x1p-7f ? s * 0x1p8f : s;
        exponent = s < 0x1p-3f ? exponent - 4 : exponent;
        s = s < 0x1p-3f ? s * 0x1p4f : s;
        exponent = s < 0x1p-1f ? exponent - 2 : exponent;
        s = s < 0x1p-1f ? s * 0x1p2f : s;
        exponent = s < 1f ? exponent - 1 : exponent;
        s = s < 1f ? s * 0x1p1f : s;
        int normal = exponent * 128 + (int) (s * 128f) - 128;
        return size < 0x1p-126f ? (int) (size * 0x1p126f * 128f) : normal;
    }

    /// The argument block: left and right pairs, y, its rows and columns, depth.
    static void perTile(
            KernelContext c,
            FloatArray mem,
            FloatArray a,
            FloatArray b,
            FloatArray e,
            FloatArray result,
            IntArray ints,
            IntArray arg) {
        int[] left = c.allocateIntLocalArray(2 * PAIRS);
        int[] right = c.allocateIntLocalArray(2 * PAIRS);
        int[] leftNext = new int[4];
        int[] rightNext = new int[4];
        int[] leftAt = new int[4];
        int[] rightAt = new int[4];
        int at = arg.get(2);
        int m = arg.get(3);
        int n = arg.get(4);
        int depth = arg.get(5);
        int leftStride = depth >> 1;
        int rightStride = n >> 1;
        int t = c.localIdx;
        for (int r = 0; r < 4; r++) {
            int row = c.groupIdy * TILE + (t >> 3) + 32 * r;
            leftAt[r] = arg.get(0) + (row < m ? row : m - 1) * leftStride + (t & 7);
            int pair = c.groupIdx * (TILE / 2) + (t & 63);
            rightAt[r] = arg.get(1) + ((t >> 6) + 4 * r) * rightStride + (pair < rightStride ? pair : rightStride - 1);
        }
        int rightTo = ((t & 63) >> 2) * 64 + (t >> 6) * 4 + (t & 3); // panels of 8 columns, 4 pairs for each k
        int warp = t >> 5;
        int row0 = c.groupIdy * TILE + (warp & 1) * 64;
        int column0 = c.groupIdx * TILE + (warp >> 1) * 32;
        int leftWarp = (warp & 1) * 4 * BLOCK_BYTES;
        int rightWarp = (warp >> 1) * 4 * PANEL_BYTES;
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
            leftNext[r] = ints.get(leftAt[r]);
            rightNext[r] = ints.get(rightAt[r]);
        }
        int half = 0;
        for (int k0 = 0; k0 < depth; k0 += DEPTH) {
            for (int r = 0; r < 4; r++) {
                left[half * PAIRS + t + 256 * r] = leftNext[r];
                right[half * PAIRS + rightTo + 16 * r] = rightNext[r];
            }
            c.localBarrier();
            int next = k0 + DEPTH < depth ? k0 + DEPTH : k0;
            for (int r = 0; r < 4; r++) {
                leftNext[r] = ints.get(leftAt[r] + (next >> 1));
                rightNext[r] = ints.get(rightAt[r] + next * rightStride);
            }
            int leftBytes = half * PAIRS * 4 + leftWarp;
            int rightBytes = half * PAIRS * 4 + rightWarp;
            HalfFloat[] b0 = c.mmaLoadB(right, DEPTH, rightBytes);
            HalfFloat[] b1 = c.mmaLoadB(right, DEPTH, rightBytes + PANEL_BYTES);
            HalfFloat[] b2 = c.mmaLoadB(right, DEPTH, rightBytes + 2 * PANEL_BYTES);
            HalfFloat[] b3 = c.mmaLoadB(right, DEPTH, rightBytes + 3 * PANEL_BYTES);
            HalfFloat[] a0 = c.mmaLoadA(left, DEPTH, leftBytes);
            s00 = c.mmaBF16(a0, b0, s00, MMAShape.M16N8K16);
            s01 = c.mmaBF16(a0, b1, s01, MMAShape.M16N8K16);
            s02 = c.mmaBF16(a0, b2, s02, MMAShape.M16N8K16);
            s03 = c.mmaBF16(a0, b3, s03, MMAShape.M16N8K16);
            HalfFloat[] a1 = c.mmaLoadA(left, DEPTH, leftBytes + BLOCK_BYTES);
            s10 = c.mmaBF16(a1, b0, s10, MMAShape.M16N8K16);
            s11 = c.mmaBF16(a1, b1, s11, MMAShape.M16N8K16);
            s12 = c.mmaBF16(a1, b2, s12, MMAShape.M16N8K16);
            s13 = c.mmaBF16(a1, b3, s13, MMAShape.M16N8K16);
            HalfFloat[] a2 = c.mmaLoadA(left, DEPTH, leftBytes + 2 * BLOCK_BYTES);
            s20 = c.mmaBF16(a2, b0, s20, MMAShape.M16N8K16);
            s21 = c.mmaBF16(a2, b1, s21, MMAShape.M16N8K16);
            s22 = c.mmaBF16(a2, b2, s22, MMAShape.M16N8K16);
            s23 = c.mmaBF16(a2, b3, s23, MMAShape.M16N8K16);
            HalfFloat[] a3 = c.mmaLoadA(left, DEPTH, leftBytes + 3 * BLOCK_BYTES);
            s30 = c.mmaBF16(a3, b0, s30, MMAShape.M16N8K16);
            s31 = c.mmaBF16(a3, b1, s31, MMAShape.M16N8K16);
            s32 = c.mmaBF16(a3, b2, s32, MMAShape.M16N8K16);
            s33 = c.mmaBF16(a3, b3, s33, MMAShape.M16N8K16);
            half = 1 - half;
        }
        store(c, s00, result, at, row0, column0, m, n);
        store(c, s01, result, at, row0, column0 + 8, m, n);
        store(c, s02, result, at, row0, column0 + 16, m, n);
        store(c, s03, result, at, row0, column0 + 24, m, n);
        store(c, s10, result, at, row0 + 16, column0, m, n);
        store(c, s11, result, at, row0 + 16, column0 + 8, m, n);
        store(c, s12, result, at, row0 + 16, column0 + 16, m, n);
        store(c, s13, result, at, row0 + 16, column0 + 24, m, n);
        store(c, s20, result, at, row0 + 32, column0, m, n);
        store(c, s21, result, at, row0 + 32, column0 + 8, m, n);
        store(c, s22, result, at, row0 + 32, column0 + 16, m, n);
        store(c, s23, result, at, row0 + 32, column0 + 24, m, n);
        store(c, s30, result, at, row0 + 48, column0, m, n);
        store(c, s31, result, at, row0 + 48, column0 + 8, m, n);
        store(c, s32, result, at, row0 + 48, column0 + 16, m, n);
        store(c, s33, result, at, row0 + 48, column0 + 24, m, n);
    }

    /// Writes a fragment if it lies in the matrix.
    private static void store(
            KernelContext c, float[] sums, FloatArray result, int at, int row, int column, int m, int n) {
        if (row < m && column < n) {
            c.mmaStore(sums, result, row, at + column, n);
        }
    }
}
