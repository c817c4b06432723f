package org.jmoco.tensor.backend.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/// What the products on matrix units share, those of NVIDIA's GPUs: a warp multiplies 16 × 16 by 16 × 8 numbers of
/// bfloat16, the fragments, with one instruction, and adds in float32.
///
/// A work-group of 8 warps computes a tile of [#TILE] × [#TILE] results, each warp 64 × 32 of them in 4 × 4
/// fragments. Both operands come as pairs of bfloat16, see [Bf16Pairs]: of the left one, neighbours along k, of the
/// right one, neighbouring columns. For each [#DEPTH] products of a result a thread brings four words of either
/// operand into local memory, of which there are two halves: one is filled while the other is read. What comes next
/// is read before the products of what is there, as in [Tiles].
///
/// Local memory has 32 banks, of a word each, and those that lanes of a warp meet in are read or written one after
/// the other. A row of the left operand has 8 words; in every second group of 4 rows its halves change places. Of the
/// right operand 8 columns make a panel of 4 words for each k, with 4 words of nothing behind it. So eight rows of a
/// fragment, and what a warp writes, lie in different banks.
///
/// Results must be 16 rows or more. A last fragment that would reach beyond the last row is moved up: what it has in
/// common with the one above is computed twice, and written twice with the same bits.
public final class Fragments {
    /// Rows and columns of a tile.
    public static final int TILE = 128;
    /// Products of a result between two barriers, those of one instruction.
    public static final int DEPTH = 16;
    /// Rows and columns of a fragment of sums, which is written as a whole.
    public static final int ROWS = 16;
    public static final int COLUMNS = 8;
    /// Words of a tile of the left operand, and of one of the right operand.
    public static final int LEFT = TILE * DEPTH / 2;
    public static final int RIGHT = TILE / COLUMNS * (DEPTH * COLUMNS / 2 + 4);
    /// Bytes of 16 rows of the left operand's tile, and of 8 columns of the right one's.
    public static final int BLOCK_BYTES = ROWS * DEPTH * 2;
    public static final int PANEL_BYTES = DEPTH * COLUMNS * 2 + 16;

    private Fragments() {}

    /// Where the pair `k / 2` of a row lies in the left operand's tile.
    public static int left(int row, int pair) {
        return row * 8 + (pair ^ (row & 4));
    }

    /// Where a pair of columns lies in the right operand's tile.
    public static int right(int k, int pair) {
        return (pair >> 2) * (PANEL_BYTES / 4) + k * 4 + (pair & 3);
    }

    /// Bytes to add where thread `t` loads a fragment of the left operand: `ldmatrix` has a lane name the half of a
    /// row, and TornadoVM takes it that the halves of all rows are in order.
    public static int laneBytes(int t) {
        int half = (t & 16) >> 2;
        return ((half ^ (t & 4)) - half) * 4;
    }

    /// The row of a matrix that a row of its tiles shows.
    public static int row(int row, int rows) {
        int inside = row & (ROWS - 1);
        int first = row - inside;
        return inside + (first < rows - ROWS ? first : rows - ROWS);
    }

    /// Writes a fragment whose first row and column are these, if it begins in the matrix of `rows × columns` at `at`.
    public static void store(
            KernelContext c, float[] sums, FloatArray result, int at, int row, int column, int rows, int columns) {
        if (row < rows && column < columns) {
            c.mmaStore(sums, result, row < rows - ROWS ? row : rows - ROWS, at + column, columns);
        }
    }
}
