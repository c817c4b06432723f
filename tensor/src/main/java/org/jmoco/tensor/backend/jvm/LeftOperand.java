package org.jmoco.tensor.backend.jvm;

/// The left-hand side A `[m, k]` of a matrix product. It need not be anywhere in memory as a matrix: the windows of a convolution overlap in the image.
interface LeftOperand {
    /// How k lies in memory, which decides what kernels are the fastest.
    enum Runs {
        /// Neighbours side by side, in runs of at least [#LONG_RUN] floats.
        LONG,
        /// Neighbours side by side, in shorter runs: bounds checks in front of each cost more than checks in the loop.
        SHORT,
        /// Neighbours apart.
        STRIDED;

        static final int LONG_RUN = 64;

        static Runs ofLength(int floats) {
            return floats < LONG_RUN ? SHORT : LONG;
        }
    }

    /// Rows, m.
    int rows();

    /// Where k is cut: 0, ascending, k. Each element of the product is the sum of its stretches, so the cuts shape the order of additions and follow from the shape alone.
    int[] cuts();

    /// How k lies in the blocks.
    Runs runs();

    /// How many rows a block should have. Any number is right.
    int blockRows(Blocking blocking);

    /// The rows `[from, to)` made ready for the micro-kernel.
    ///
    /// @param panels how many panels of the right-hand side the block will meet: copying is worth more the more there are
    Block block(int from, int to, int panels);

    /// A block of rows, valid until the thread that asked for it asks for another.
    interface Block {
        /// The block over a stretch, valid until the next call.
        Left over(int stretch);
    }
}
