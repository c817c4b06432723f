package org.jmoco.tensor.backend.jvm.products;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.backend.jvm.runtime.OffHeap;

/// Rows of floats in memory, which the [MicroKernel] writes or starts from: row r begins at element `at + rows[r]`.
public final class Rows {
    private static final MemorySegment ZEROS = Arena.global().allocate(4L * 64, 64);
    private static final int[] SAME = new int[4096];
    private static final Extent NOWHERE_ELSE = new Extent(0, 0);

    private final MemorySegment data;
    private final long at;
    private final int[] rows;
    private final Extent starts;
    private final long base;

    private Rows(MemorySegment data, long at, int[] rows, Extent starts) {
        this.data = OffHeap.of(data);
        this.at = at;
        this.rows = rows;
        this.starts = starts;
        base = OffHeap.base(data) + 4 * at;
    }

    /// @param rows where each row begins; behind the last one as many copies of it as a tile may need
    public Rows(MemorySegment data, long at, int[] rows) {
        this(data, at, rows, Extent.of(rows));
    }

    /// `count` rows of zeros, as long as the widest panel.
    public static Rows zeros(int count) {
        return same(ZEROS, 0, count);
    }

    /// The same row `count` times.
    public static Rows same(MemorySegment data, long at, int count) {
        return new Rows(data, at, withCopies(count) <= SAME.length ? SAME : new int[withCopies(count)], NOWHERE_ELSE);
    }

    /// Rows a fixed distance apart.
    public static Rows of(MemorySegment data, long at, int stride, int count) {
        return new Rows(data, at, multiples(count, stride));
    }

    /// These rows from column `column` on.
    Rows from(int column) {
        return new Rows(data, at + column, rows, starts);
    }

    /// `r·stride` for `count` rows, and copies of the last one.
    public static int[] multiples(int count, int stride) {
        int[] rows = new int[withCopies(count)];
        for (int r = 0; r < rows.length; r++) {
            rows[r] = Math.multiplyExact(Math.min(r, count - 1), stride);
        }
        return rows;
    }

    /// The length of a table of `count` rows.
    public static int withCopies(int count) {
        return count + MicroKernel.MOST_ROWS - 1;
    }

    public MemorySegment data() {
        return data;
    }

    public long at() {
        return at;
    }

    /// Where the rows begin, relative to [#at].
    public int[] rows() {
        return rows;
    }

    /// The address that all rows are relative to.
    long base() {
        return base;
    }

    /// @throws IndexOutOfBoundsException if one of the `columns` floats of a row lies outside the memory
    void check(int columns) {
        starts.plus(columns).within(data, at);
    }
}
