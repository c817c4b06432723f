package org.jmoco.tensor.backend.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// Products of float matrices, in two kernels: one thread an element for narrow results, and tiles (see [Tiles])
/// for the rest.
///
/// The argument block: a, its strides along rows and columns, b, its strides, y, rows, columns, products of a
/// result, bias or −1.
public final class Sgemm {
    /// Below this many rows or columns most of a tile would be empty.
    private static final int NARROW = 16;

    private Sgemm() {}

    /// y = a · b + bias for matrices of any strides; y is `[m, n]`, contiguous.
    ///
    /// @param arenas of a, b and y
    /// @param bias   where a number for each column lies in the first arena, or −1
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
            int bias) {
        if (m == 0 || n == 0) {
            return;
        }
        if (m < NARROW || n < NARROW) {
            gpu.launch(
                    "matmul.perElement",
                    Sgemm::perElement,
                    Grid.tiles(m, n, 16, 16, 1),
                    arenas,
                    a,
                    aRow,
                    aColumn,
                    b,
                    bRow,
                    bColumn,
                    y,
                    m,
                    n,
                    k,
                    bias);
        } else {
            gpu.launch(
                    "matmul.perTile",
                    Sgemm::perTile,
                    Grid.tiles(m, n, Tiles.ROWS, Tiles.COLUMNS, 1),
                    arenas,
                    a,
                    aRow,
                    aColumn,
                    b,
                    bRow,
                    bColumn,
                    y,
                    m,
                    n,
                    k,
                    bias);
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
        if (row < arg.get(7) && column < arg.get(8)) {
            int left = arg.get(0) + row * arg.get(1);
            int right = arg.get(3) + column * arg.get(5);
            float sum = 0f;
            for (int k = 0; k < arg.get(9); k++) {
                sum += a.get(left + k * arg.get(2)) * b.get(right + k * arg.get(4));
            }
            if (arg.get(10) >= 0) {
                sum += mem.get(arg.get(10) + column);
            }
            result.set(arg.get(6) + row * arg.get(8) + column, sum);
        }
    }

    /// Neighbouring threads read neighbouring elements, along whichever axis of an operand is contiguous.
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
        float[] sums = new float[Tiles.SUMS];
        for (int i = 0; i < Tiles.SUMS; i++) {
            sums[i] = 0f;
        }
        int aRow = arg.get(1);
        int aColumn = arg.get(2);
        int bRow = arg.get(4);
        int bColumn = arg.get(5);
        int m = arg.get(7);
        int n = arg.get(8);
        int depth = arg.get(9);
        int x = c.localIdx;
        int y = c.localIdy;
        int t = y * 16 + x;
        int row0 = c.groupIdy * Tiles.ROWS;
        int column0 = c.groupIdx * Tiles.COLUMNS;
        for (int k0 = 0; k0 < depth; k0 += Tiles.DEPTH) {
            for (int r = 0; r < 8; r++) {
                int k = aColumn == 1 ? x : (t >> 7) + 2 * r;
                int i = aColumn == 1 ? y + 16 * r : t & 127;
                left[k * Tiles.LEFT_STRIDE + i] = row0 + i < m && k0 + k < depth
                        ? a.get(arg.get(0) + (row0 + i) * aRow + (k0 + k) * aColumn)
                        : 0f;
            }
            for (int r = 0; r < 4; r++) {
                int k = bColumn == 1 ? (t >> 6) + 4 * r : x;
                int j = bColumn == 1 ? t & 63 : y + 16 * r;
                right[k * Tiles.RIGHT_STRIDE + j] = column0 + j < n && k0 + k < depth
                        ? b.get(arg.get(3) + (k0 + k) * bRow + (column0 + j) * bColumn)
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
            c.localBarrier();
        }
        Tiles.store(mem, result, sums, arg.get(10), arg.get(6), n, m, n, row0 + y * 8, column0 + x);
    }
}
