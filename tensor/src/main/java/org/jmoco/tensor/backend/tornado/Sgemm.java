package org.jmoco.tensor.backend.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// Products of float matrices: one thread an element for narrow results, and [Tiles], cut by [Tiling], for the rest.
///
/// The argument block: a, its strides along rows and columns, b, its strides, y or its parts, rows, columns, products
/// of a result, bias or −1, products of a part.
public final class Sgemm {
    /// Below this many rows or columns most of a tile would be empty.
    private static final int NARROW = 16;

    private Sgemm() {}

    /// Floats of scratch memory that [#product] wants.
    public static long scratch(int m, int n, int k) {
        return perElement(m, n, k) ? 0 : Tiling.of(m, n, k, 1).scratch((long) m * n);
    }

    private static boolean perElement(int m, int n, int k) {
        return m < NARROW || n < NARROW || k == 0;
    }

    /// y = a · b + bias for matrices of any strides; y is `[m, n]`, contiguous.
    ///
    /// @param arenas  of a, b and y
    /// @param bias    where a number for each column lies in the first arena, or −1
    /// @param scratch where scratch memory lies in the first arena
    public static void product(
            Launches gpu,
            Arenas arenas,
            int a,
            int aRow,
            int aColumn,
            int b,
            int bRow,
            int bColumn,
            int y,
            int m,
            int n,
            int k,
            int bias,
            int scratch) {
        if (m == 0 || n == 0) {
            return;
        }
        boolean narrow = perElement(m, n, k);
        Tiling tiling = Tiling.of(m, n, k, 1);
        boolean whole = narrow || tiling.parts() == 1;
        int most = whole ? gpu.mostRows(narrow ? NARROW : Tiles.ROWS) : m;
        for (long first = 0; first < m; first += most) { // as a rule once
            int row = (int) first;
            int rows = Math.min(most, m - row);
            int[] block = {a + row * aRow, aRow, aColumn, b, bRow, bColumn, y + row * n, rows, n, k, bias, k};
            if (narrow) {
                Grid grid = Grid.tiles(rows, n, NARROW, NARROW, 1);
                gpu.launch("matmul.perElement", Sgemm::perElement, grid, arenas, block);
                continue;
            }
            if (!whole) {
                block[6] = scratch;
                block[10] = -1;
                block[11] = tiling.part();
            }
            Grid grid = tiling.grid(rows, n, 1);
            Arenas found = whole ? arenas : Parts.arenas(arenas);
            if (tiling.wide()) {
                gpu.launch("matmul.perWideTile", Sgemm::perWideTile, grid, found, block);
            } else {
                gpu.launch("matmul.perTile", Sgemm::perTile, grid, found, block);
            }
        }
        if (!whole) {
            Parts.add(gpu, arenas.result(), scratch, y, m * n, tiling.parts(), n, bias);
        }
    }

    static void perElement(
            KernelContext c,
            FloatArray mem,
            FloatArray a,
            FloatArray b,
            FloatArray e,
            FloatArray result,
            IntArray ints,
            IntArray arg) {
        int column = c.globalIdx;
        int row = c.globalIdy;
        int n = arg.get(8);
        int depth = arg.get(9);
        int bias = arg.get(10);
        int aColumn = arg.get(2);
        int bRow = arg.get(4);
        if (row < arg.get(7) && column < n) {
            int left = arg.get(0) + row * arg.get(1);
            int right = arg.get(3) + column * arg.get(5);
            float sum = 0f;
            for (int k = 0; k < depth; k++) {
                sum += a.get(left + k * aColumn) * b.get(right + k * bRow);
            }
            if (bias >= 0) {
                sum += mem.get(bias + column);
            }
            result.set(arg.get(6) + row * n + column, sum);
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

    /// Neighbouring threads read neighbouring elements, along whichever axis of an operand is contiguous.
    ///
    /// `wide` is known when a kernel is compiled, so that each is compiled with its own half of the choices.
    private static void products(
            KernelContext c,
            FloatArray mem,
            FloatArray a,
            FloatArray b,
            FloatArray result,
            IntArray arg,
            boolean wide) {
        float[] left = c.allocateFloatLocalArray(Tiles.LEFT);
        float[] right = c.allocateFloatLocalArray(Tiles.RIGHT);
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
        int aColumn = arg.get(2);
        int bRow = arg.get(4);
        int m = arg.get(7);
        int n = arg.get(8);
        int from = c.groupIdz * arg.get(11);
        int to = from + arg.get(11) < arg.get(9) ? from + arg.get(11) : arg.get(9);
        int x = c.localIdx;
        int y = c.localIdy;
        int t = y * 16 + x;
        int row0 = c.groupIdy * Tiles.ROWS;
        int column0 = c.groupIdx * (wide ? Tiles.WIDE_COLUMNS : Tiles.COLUMNS);
        int alongK = wide ? t & 7 : x; // of threads that are neighbours along k, and of those beside each other
        int acrossK = wide ? t >> 5 : y;
        int leftK = aColumn == 1 ? alongK : acrossK;
        int leftRow = aColumn == 1 ? (wide ? t >> 3 : y) : (wide ? t & 31 : x);
        int rightK = bRow == 1 ? alongK : acrossK;
        int rightColumn = bRow == 1 ? (wide ? t >> 3 : y) : (wide ? t & 31 : x);
        for (int r = 0; r < reads; r++) {
            int row = row0 + leftRow + pace * r;
            leftAt[r] = arg.get(0) + (row < m ? row : m - 1) * arg.get(1);
        }
        for (int r = 0; r < Tiles.RIGHT_READS; r++) {
            int column = column0 + rightColumn + pace * r;
            rightAt[r] = arg.get(3) + (column < n ? column : n - 1) * arg.get(5);
        }
        int leftTo = leftK * Tiles.LEFT_STRIDE + leftRow;
        int rightTo = rightK * rightStride + rightColumn;
        int half = 0;
        for (int k0 = from - depth; k0 < to; k0 += depth) {
            int nextLeft = k0 + depth + leftK;
            int nextRight = k0 + depth + rightK;
            int atLeft = (nextLeft < to ? nextLeft : to - 1) * aColumn;
            int atRight = (nextRight < to ? nextRight : to - 1) * bRow;
            for (int r = 0; r < reads; r++) {
                leftNext[r] = a.get(leftAt[r] + atLeft);
            }
            for (int r = 0; r < Tiles.RIGHT_READS; r++) {
                rightNext[r] = b.get(rightAt[r] + atRight);
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
                left[leftHalf + pace * r] = nextLeft < to ? leftNext[r] : 0f;
            }
            for (int r = 0; r < Tiles.RIGHT_READS; r++) {
                right[rightHalf + pace * r] = nextRight < to ? rightNext[r] : 0f;
            }
            c.localBarrier();
        }
        int at = arg.get(6) + c.groupIdz * m * n;
        Tiles.store(mem, result, sums, arg.get(10), at, n, m, n, row0 + y * 8, column0 + x, wide);
    }
}
