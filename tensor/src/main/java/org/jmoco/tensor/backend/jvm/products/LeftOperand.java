package org.jmoco.tensor.backend.jvm.products;

import org.jmoco.tensor.backend.jvm.runtime.Blocking;

/// The left-hand side A `[m, k]` of a matrix product. It need not be anywhere in memory as a matrix: the windows
/// of a convolution overlap in the image.
public interface LeftOperand {
    /// Rows, m.
    int rows();

    /// Where k is cut: 0, ascending, k. Each element of the product is the sum of its stretches, so the cuts shape
    /// the order of additions and follow from the shape alone.
    int[] cuts();

    /// How many rows a block should have. Any number is right.
    int blockRows(Blocking blocking);

    /// The rows `[from, to)` made ready for the micro-kernel.
    ///
    /// @param panels how many panels of the right-hand side the block will meet: copying is worth more the more
    ///     there are
    Block block(int from, int to, int panels);

    /// A block of rows, valid until the thread that asked for it asks for another.
    interface Block {
        /// The block over a stretch, valid until the next call.
        Left over(int stretch);
    }
}
