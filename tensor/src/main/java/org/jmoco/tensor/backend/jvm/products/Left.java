package org.jmoco.tensor.backend.jvm.products;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jmoco.tensor.backend.jvm.runtime.OffHeap;

/// A block of the left-hand side of a matrix product over one stretch of k, as the [MicroKernel] reads it:
/// straight from where it lies, as long as it consists of runs of equal length. Element (r, u·count + k) lies at
/// `at + rows[r] + runs[u] + k·kStride`.
///
/// The rows of a plain matrix lie a fixed distance apart and are one run each. The rows of a convolution are
/// windows: a window begins anywhere, and each row of the kernel is a run.
public final class Left {
    /// The only run of a plain matrix.
    public static final int[] ONE_RUN = {0};

    /// How far apart two rows may lie, in bytes: less than 2 GiB, so that a [VectorKernel] need not keep the address of
    /// each.
    private static final int FARTHEST = Integer.MAX_VALUE;

    private final MemorySegment data;
    private final long at;
    private final int[] rows;
    private final int[] runs;
    private final int count;
    private final int kStride;
    /// The address that all offsets are relative to.
    private final long base;

    /// @param data   the memory   @param at element offset that the others are relative to
    /// @param rows   where each row begins; behind the last row as many copies of it as a tile may need
    /// @param runs   where each run begins, not negative   @param count elements of a run
    /// @param kStride distance between neighbours in a run, not negative
    /// @throws IndexOutOfBoundsException if an element lies outside the memory
    /// @throws IllegalArgumentException if rows are not [#near] each other
    public Left(MemorySegment data, long at, int[] rows, int[] runs, int count, int kStride) {
        this.data = OffHeap.of(data);
        this.at = at;
        this.rows = rows;
        this.runs = runs;
        this.count = count;
        this.kStride = Objects.checkIndex(kStride, Integer.MAX_VALUE);
        base = OffHeap.base(data) + 4 * at;
        if (count > 0) {
            Extent starts = Extent.of(rows);
            if (!near(starts.end() - starts.first())) {
                throw new IllegalArgumentException("the rows of a block lie 2 GiB apart or more");
            }
            Extent begins = Extent.of(runs);
            Objects.checkIndex(begins.first(), Integer.MAX_VALUE);
            starts.plus(begins).plus((count - 1L) * kStride + 1).within(data, at);
        }
    }

    /// Whether rows whose places differ by so many elements may be read as one block.
    static boolean near(long distance) {
        return 4 * distance <= FARTHEST;
    }

    /// A distance between two rows, of which the compiler knows that it is not negative and fits into an `int`.
    static long distance(long bytes) {
        return bytes & FARTHEST;
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

    int[] runs() {
        return runs;
    }

    int count() {
        return count;
    }

    int kStride() {
        return kStride;
    }

    long base() {
        return base;
    }
}
