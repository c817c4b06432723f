package org.jmoco.tensor.backend.jvm.products;

import java.lang.foreign.MemorySegment;

/// The right-hand side B `[k, n]` of a matrix product, brought panel by panel into the order the [MicroKernel] reads.
public interface RightOperand {
    /// Writes B[k … k+count, column … column+columns] into a panel, at `at + kk·stride + j` for its kk-th k and
    /// its column j.
    void pack(int column, int columns, int k, int count, MemorySegment panel, long at, int stride);

    /// How many k of a panel are best packed before those of its neighbour. Few, if the columns of a k lie side by
    /// side: a panel has only some of them, and the next one's are near.
    default int piece() {
        return Integer.MAX_VALUE;
    }
}
