package org.jmoco.tensor.backend.jvm.products;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Rows of floats in memory, which the [MicroKernel] writes or starts from: row r begins at element `at + rows[r]`.
///
/// @param rows where each row begins; behind the last one as many copies of it as a tile may need
public record Rows(MemorySegment data, long at, int[] rows) {
    private static final MemorySegment ZEROS = Arena.global().allocate(4L * 64, 64);
    private static final int[] SAME = new int[4096];

    /// `count` rows of zeros, as long as the widest panel.
    public static Rows zeros(int count) {
        return same(ZEROS, 0, count);
    }

    /// The same row `count` times.
    public static Rows same(MemorySegment data, long at, int count) {
        return new Rows(data, at, withCopies(count) <= SAME.length ? SAME : new int[withCopies(count)]);
    }

    /// Rows a fixed distance apart.
    public static Rows of(MemorySegment data, long at, int stride, int count) {
        return new Rows(data, at, multiples(count, stride));
    }

    /// These rows from column `column` on.
    Rows from(int column) {
        return new Rows(data, at + column, rows);
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
}
