package org.jmoco.tensor.backend.jvm;

import java.lang.foreign.MemorySegment;

/// The left-hand side A `[m, k]` of a matrix product, brought block by block into the order the [MicroKernel] reads. A is not
/// necessarily anywhere in memory: the patches of a convolution are gathered on the way.
interface LeftOperand {
    /// True if a block is written k by k (the rows of one k side by side), false if row by row. Whichever lies contiguously in
    /// the source.
    boolean byK();

    /// Writes A[row … row+rows, k … k+count] into a block, at `at + r·rowStride + kk·kStride` for its row r and its kk-th k.
    /// Both strides follow from [#byK].
    void pack(int row, int rows, int k, int count, MemorySegment block, long at, int rowStride, int kStride);
}
