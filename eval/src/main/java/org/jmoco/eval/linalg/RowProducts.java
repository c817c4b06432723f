package org.jmoco.eval.linalg;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;

/// Inner products of the rows of two matrices, blocked for the caches and spread over the cores.
///
/// An entry is summed in an order that depends on the length of the rows alone, so results have the same bits
/// whatever the number of threads and whichever other rows are multiplied along (for one vector width of the
/// machine).
public final class RowProducts {

    /// Rows of a block: 64 rows of 1024 doubles stay in a second-level cache of 512 KiB or more.
    private static final int ROWS = 64;

    /// Elements of a row that are multiplied before moving on: four rows of them stay in the first-level cache.
    private static final int DEPTH = 1024;

    private static final RowKernel KERNEL = RowKernel.BEST;

    private RowProducts() {}

    /// `out[i, j] = ⟨a[i], b[j]⟩`, that is `out = a·bᵀ`; `out` is reshaped.
    ///
    /// @param a `[m, d]` @param b `[n, d]` @param out `[m, n]`, neither `a` nor `b`
    /// @throws IllegalArgumentException if the rows differ in length
    public static void multiply(DMatrixRMaj a, DMatrixRMaj b, DMatrixRMaj out) {
        requireSameLength(a, b);
        out.reshape(a.numRows, b.numRows);
        int down = blocks(a.numRows);
        int across = blocks(b.numRows);
        IntStream.range(0, down * across).parallel().forEach(t -> block(a, t / across, b, t % across, out));
    }

    /// The Gram matrix of the rows, `a·aᵀ`, of which only one triangle is computed.
    ///
    /// @param a `[n, d]` @return `[n, n]`, exactly symmetric
    public static DMatrixRMaj gram(DMatrixRMaj a) {
        DMatrixRMaj out = new DMatrixRMaj(a.numRows, a.numRows);
        int blocks = blocks(a.numRows);
        IntStream.range(0, blocks * blocks)
                .parallel()
                .filter(t -> t % blocks <= t / blocks)
                .forEach(t -> {
                    block(a, t / blocks, a, t % blocks, out);
                    mirror(out, t / blocks, t % blocks);
                });
        return out;
    }

    /// `out[p] = Σ_i b[p, i]·x[i]`, that is `out = b·x`; `out` is reshaped.
    ///
    /// @param b `[m, n]` coefficients @param x `[n, d]` the rows that are combined @param out `[m, d]`, neither
    ///     `b` nor `x`
    /// @throws IllegalArgumentException if `b` has not one column for every row of `x`
    public static void combine(DMatrixRMaj b, DMatrixRMaj x, DMatrixRMaj out) {
        if (b.numCols != x.numRows) {
            throw new IllegalArgumentException(
                    b.numCols + " coefficients a combination do not fit " + x.numRows + " rows");
        }
        out.reshape(b.numRows, x.numCols);
        out.zero();
        IntStream.range(0, blocks(x.numCols)).parallel().forEach(t -> combineBlock(b, x, t * ROWS, out));
    }

    private static void combineBlock(DMatrixRMaj b, DMatrixRMaj x, int j0, DMatrixRMaj out) {
        int width = Math.min(ROWS, x.numCols - j0);
        double[] columns = new double[width * DEPTH];
        for (int k = 0; k < x.numRows; k += DEPTH) {
            int length = Math.min(DEPTH, x.numRows - k);
            for (int i = 0; i < length; i++) {
                for (int j = 0; j < width; j++) {
                    columns[j * DEPTH + i] = x.data[(k + i) * x.numCols + j0 + j];
                }
            }
            tiles(b, 0, b.numRows, k, columns, 0, DEPTH, width, length, out, j0);
        }
    }

    private static void block(DMatrixRMaj a, int down, DMatrixRMaj b, int across, DMatrixRMaj out) {
        int i0 = down * ROWS;
        int i1 = Math.min(a.numRows, i0 + ROWS);
        int j0 = across * ROWS;
        int j1 = Math.min(b.numRows, j0 + ROWS);
        int d = a.numCols;
        for (int i = i0; i < i1; i++) {
            Arrays.fill(out.data, i * out.numCols + j0, i * out.numCols + j1, 0);
        }
        for (int k = 0; k < d; k += DEPTH) {
            tiles(a, i0, i1, k, b.data, j0 * d + k, d, j1 - j0, Math.min(DEPTH, d - k), out, j0);
        }
    }

    /// Adds to `out[i0…i1, j0…j0 + width]` the products of elements `k…k + length` of the rows of `a` with
    /// `width` rows of `b`, the first at `bOffset`.
    private static void tiles(
            DMatrixRMaj a,
            int i0,
            int i1,
            int k,
            double[] b,
            int bOffset,
            int bStride,
            int width,
            int length,
            DMatrixRMaj out,
            int j0) {
        int d = a.numCols;
        int n = out.numCols;
        int i = i0;
        for (; i + RowKernel.TILE <= i1; i += RowKernel.TILE) {
            int j = 0;
            for (; j + RowKernel.TILE <= width; j += RowKernel.TILE) {
                KERNEL.tile4x4(
                        a.data, i * d + k, d, b, bOffset + j * bStride, bStride, length, out.data, i * n + j0 + j, n);
            }
            for (; j < width; j++) {
                KERNEL.tile4x1(a.data, i * d + k, d, b, bOffset + j * bStride, length, out.data, i * n + j0 + j, n);
            }
        }
        for (; i < i1; i++) {
            int j = 0;
            for (; j + RowKernel.TILE <= width; j += RowKernel.TILE) {
                KERNEL.tile4x1(
                        b, bOffset + j * bStride, bStride, a.data, i * d + k, length, out.data, i * n + j0 + j, 1);
            }
            for (; j < width; j++) {
                out.data[i * n + j0 + j] += KERNEL.dot(a.data, i * d + k, b, bOffset + j * bStride, length);
            }
        }
    }

    private static void mirror(DMatrixRMaj m, int down, int across) {
        int n = m.numRows;
        for (int i = down * ROWS; i < Math.min(n, (down + 1) * ROWS); i++) {
            for (int j = across * ROWS; j < Math.min(i, (across + 1) * ROWS); j++) {
                m.data[j * n + i] = m.data[i * n + j];
            }
        }
    }

    private static int blocks(int rows) {
        return (rows + ROWS - 1) / ROWS;
    }

    private static void requireSameLength(DMatrixRMaj a, DMatrixRMaj b) {
        if (a.numCols != b.numCols) {
            throw new IllegalArgumentException(
                    "rows of " + a.numCols + " and of " + b.numCols + " elements cannot be multiplied with each other");
        }
    }
}
