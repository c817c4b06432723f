package org.jmoco.tensor.backend.tornado;

import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/// What the tiled products share. A work-group of 16 × 16 threads computes a tile of [#ROWS] × [#COLUMNS] results,
/// [#DEPTH] products at a time: both operands' parts are brought into local memory once, and each thread keeps 8 ×
/// 4 sums in registers, so that 12 reads of local memory feed 32 multiply-adds.
///
/// Thread (x, y) owns the rows 8y … 8y+7 and the columns x, x+16, x+32, x+48 of the tile: neighbouring threads
/// write neighbouring columns.
public final class Tiles {
    /// Rows of a tile.
    public static final int ROWS = 128;
    /// Columns of a tile.
    public static final int COLUMNS = 64;
    /// Products of a result that are computed between two barriers.
    public static final int DEPTH = 16;
    /// Floats from one k to the next in the left operand's local memory: element (row, k) is at
    /// `k · LEFT_STRIDE + row`.
    ///
    /// Where an operand is contiguous along k, neighbouring threads write neighbouring k. With a multiple of 32
    /// all of them would meet in one bank of a GPU's local memory, 16 writes one after the other; so it is two,
    /// and rows still begin at multiples of 16 bytes.
    public static final int LEFT_STRIDE = ROWS + 4;
    /// The same for the right operand: element (k, column) is at `k · RIGHT_STRIDE + column`.
    public static final int RIGHT_STRIDE = COLUMNS + 4;
    /// Floats of the left operand's local memory.
    public static final int LEFT = DEPTH * LEFT_STRIDE;
    /// Floats of the right operand's local memory.
    public static final int RIGHT = DEPTH * RIGHT_STRIDE;
    /// Sums of a thread: that of its row i and its column j is at `4i + j`.
    public static final int SUMS = 32;

    private Tiles() {}

    /// Adds the products of one element of the left operand's row `i` with the four of the right operand to a
    /// thread's sums.
    ///
    /// The elements come as numbers: TornadoVM addresses a local array that is passed to a method as if it were a
    /// Java array with its header.
    public static void add(float[] sums, int i, float a, float b0, float b1, float b2, float b3) {
        sums[i * 4] += a * b0;
        sums[i * 4 + 1] += a * b1;
        sums[i * 4 + 2] += a * b2;
        sums[i * 4 + 3] += a * b3;
    }

    /// Writes a thread's sums as part of a matrix of `rows × columns` at `at`, whose rows are `stride` apart.
    ///
    /// @param mem    the arena of the bias
    /// @param result that of the matrix
    /// @param bias   where a number to add to each column lies, or −1
    public static void store(
            FloatArray mem,
            FloatArray result,
            float[] sums,
            int bias,
            int at,
            int stride,
            int rows,
            int columns,
            int firstRow,
            int firstColumn) {
        for (int i = 0; i < 8; i++) {
            for (int j = 0; j < 4; j++) {
                int row = firstRow + i;
                int column = firstColumn + j * 16;
                if (row < rows && column < columns) {
                    float sum = sums[i * 4 + j];
                    if (bias >= 0) {
                        sum += mem.get(bias + column);
                    }
                    result.set(at + row * stride + column, sum);
                }
            }
        }
    }
}
