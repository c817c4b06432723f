package org.jmoco.tensor.backend.tornado;

import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/// What the tiled products share. A work-group of 16 × 16 threads computes a tile of [#ROWS] rows; it is [#COLUMNS]
/// columns wide, or [#WIDE_COLUMNS] where [Tiling] says so. Parts of both operands are brought into local memory, and
/// each thread keeps 8 × 4 or 8 × 8 sums in registers: of the wide tile 16 reads of local memory feed 64 multiply-adds.
///
/// Thread (x, y) owns the rows 8y … 8y+7 and the columns x, x+16, x+32, … of the tile: neighbouring threads write
/// neighbouring columns.
///
/// | | narrow | wide |
/// |---|---|---|
/// | products of a result between two barriers | 16 | 8 |
/// | elements of the left and the right operand that a thread brings | 8 and 4 | 4 and 4 |
/// | rows, or columns, from one of these to the next | 16 | 32 |
///
/// What comes next is read before the products of what is there, into registers, and written behind them into the other
/// half of local memory. No read waits for another or for a write: a driver cannot know that local memory and the
/// arenas do not overlap, so behind a write it would wait for each read in turn. Indices beyond an operand are moved to
/// its last element, and a zero is written in its place.
///
/// The loops over a tile's products take two at a time and count places, not products. TornadoVM would unroll a loop
/// whose number of turns it knows, and take twice as long to compile a wide tile.
public final class Tiles {
    /// Rows of a tile.
    public static final int ROWS = 128;
    /// Columns of a narrow tile, and those of a wide one.
    public static final int COLUMNS = 64;
    public static final int WIDE_COLUMNS = 128;
    /// Products of a result that are computed between two barriers.
    public static final int DEPTH = 16;
    public static final int WIDE_DEPTH = 8;
    /// Elements of the left operand that a thread brings, at most, and of the right one.
    public static final int LEFT_READS = 8;
    public static final int WIDE_LEFT_READS = 4;
    public static final int RIGHT_READS = 4;
    /// Rows, or columns, from one of these to the next.
    public static final int PACE = 16;
    public static final int WIDE_PACE = 32;
    /// Floats from one k to the next in the left operand's local memory: element (row, k) is at
    /// `k · LEFT_STRIDE + row`.
    ///
    /// Where an operand is contiguous along k, neighbouring threads write neighbouring k. With a multiple of 32
    /// all of them would meet in one bank of a GPU's local memory, one write after the other; so it is two at most,
    /// and rows still begin at multiples of 16 bytes.
    public static final int LEFT_STRIDE = ROWS + 4;
    /// The same for the right operand: element (k, column) is at `k · RIGHT_STRIDE + column`.
    public static final int RIGHT_STRIDE = COLUMNS + 4;
    public static final int WIDE_RIGHT_STRIDE = WIDE_COLUMNS + 4;
    /// Floats of the two halves of the left operand's local memory, enough for both tiles.
    public static final int LEFT = 2 * DEPTH * LEFT_STRIDE;
    /// The same for the right operand.
    public static final int RIGHT = 2 * DEPTH * RIGHT_STRIDE;
    /// Sums of a thread, at most: that of its row i and its column j is at `4i + j`, in a wide tile at `8i + j`.
    public static final int SUMS = 64;

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

    /// The same in a wide tile.
    public static void addWide(
            float[] sums,
            int i,
            float a,
            float b0,
            float b1,
            float b2,
            float b3,
            float b4,
            float b5,
            float b6,
            float b7) {
        sums[i * 8] += a * b0;
        sums[i * 8 + 1] += a * b1;
        sums[i * 8 + 2] += a * b2;
        sums[i * 8 + 3] += a * b3;
        sums[i * 8 + 4] += a * b4;
        sums[i * 8 + 5] += a * b5;
        sums[i * 8 + 6] += a * b6;
        sums[i * 8 + 7] += a * b7;
    }

    /// Writes a thread's sums as part of a matrix of `rows × columns` at `at`, whose rows are `stride` apart.
    ///
    /// @param mem    the arena of the bias
    /// @param result that of the matrix
    /// @param bias   where a number to add to each column lies, or −1
    /// @param wide   whether they are those of a wide tile; known when a kernel is compiled
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
            int firstColumn,
            boolean wide) {
        int own = wide ? 8 : 4;
        float[] offset = new float[8];
        for (int j = 0; j < own; j++) {
            int column = firstColumn + j * 16;
            int known = column < columns ? column : columns - 1;
            float number = mem.get(bias >= 0 ? bias + known : 0);
            offset[j] = bias >= 0 ? number : 0f;
        }
        for (int i = 0; i < 8; i++) {
            int row = firstRow + i;
            if (row < rows) {
                for (int j = 0; j < own; j++) {
                    int column = firstColumn + j * 16;
                    if (column < columns) {
                        result.set(at + row * stride + column, sums[i * own + j] + offset[j]);
                    }
                }
            }
        }
    }
}
