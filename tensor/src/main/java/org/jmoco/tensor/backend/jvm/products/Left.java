package org.jmoco.tensor.backend.jvm.products;

import java.lang.foreign.MemorySegment;

/// A block of the left-hand side of a matrix product over one stretch of k, as the [MicroKernel] reads it:
/// straight from where it lies, as long as it consists of runs of equal length. Element (r, u·count + k) lies at
/// `at + rows[r] + runs[u] + k·kStride`.
///
/// The rows of a plain matrix lie a fixed distance apart and are one run each. The rows of a convolution are
/// windows: a window begins anywhere, and each row of the kernel is a run.
///
/// @param data   the memory   @param at element offset that the others are relative to
/// @param rows   where each row begins; behind the last row as many copies of it as a tile may need
/// @param runs   where each run begins   @param count elements of a run
/// @param kStride distance between neighbours in a run
public record Left(MemorySegment data, long at, int[] rows, int[] runs, int count, int kStride) {
    /// The only run of a plain matrix.
    public static final int[] ONE_RUN = {0};
}
