package org.jmoco.tensor.backend.jvm.products;

/// The innermost loop of every matrix product: a small tile of C, held in registers, over a stretch of k.
///
/// The right-hand side holds, for each k, `columns` neighbouring floats. Each element of the tile is one chain of
/// fused multiply-adds over k, started from 0, to whose sum what was there is added at the end; so an element's
/// bits depend on its row, its column and the stretch of k, not on its place in the tile or on the kernel.
public abstract class MicroKernel {
    /// The most rows a kernel has.
    static final int MOST_ROWS = 14;

    private final int rows;
    private final int columns;

    MicroKernel(int rows, int columns) {
        this.rows = rows;
        this.columns = columns;
    }

    /// Rows of a tile.
    public final int rows() {
        return rows;
    }

    /// Columns of a tile.
    public final int columns() {
        return columns;
    }

    /// C[r, j] = start[r, j] + Σ a[r, k]·b[k, j] for the whole tile.
    ///
    /// There is no flag for "from zero": rows of zeros cost less than a branch whose other side the compiler has
    /// never seen, and would have to compile the kernel anew for.
    ///
    /// @param left the left-hand side; the tile uses its rows `row` and following, likewise of `start` and `c`
    /// @param right the right-hand side   @param start what the product is added to; may be C itself
    abstract void run(Left left, int row, Right right, Rows start, Rows c);
}
