package org.jmoco.tensor.backend.jvm.products;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.backend.jvm.lanes.Lanes;
import org.jmoco.tensor.backend.jvm.lanes.Transpose;
import org.jmoco.tensor.backend.jvm.runtime.Blocking;
import org.jmoco.tensor.backend.jvm.runtime.Scratch;

/// A row-major matrix of floats in off-heap memory, or its transpose, as an operand of [Gemm].
///
/// @param data the memory   @param at element offset of the first float
/// @param stride elements from one stored row to the next, at least the length of a stored row
/// @param transposed whether the product uses the transpose of what is stored
public record Matrix(MemorySegment data, long at, int stride, boolean transposed) implements RightOperand {
    private static final Lanes LANES = Lanes.best();

    /// The longest stretch of k: a panel of B of that length and a block of A stay in the second cache level.
    static final int DEPTH = 256;

    /// The distance between two packed rows. Not a power of two, so that the rows do not fall into the same few
    /// sets of the cache.
    private static final int ROW_STRIDE = DEPTH + 16;

    /// Rows of B that are packed for several panels in turn.
    private static final int PIECE = 16;

    /// From how many panels on a copy of the block pays.
    private static final int COPY_PANELS = 5;

    /// A matrix used as it is stored.
    public static Matrix of(MemorySegment data, long at, int stride) {
        return new Matrix(data, at, stride, false);
    }

    /// A matrix of which the product uses the transpose.
    public static Matrix transpose(MemorySegment data, long at, int stride) {
        return new Matrix(data, at, stride, true);
    }

    @Override
    public void pack(int column, int columns, int k, int count, MemorySegment panel, long panelAt, int panelStride) {
        if (transposed) {
            Transpose.run(data, at + (long) column * stride + k, stride, columns, count, panel, panelAt, panelStride);
        } else {
            LANES.copyRows(data, at + (long) k * stride + column, stride, panel, panelAt, panelStride, count, columns);
        }
    }

    @Override
    public int piece() {
        return transposed ? Integer.MAX_VALUE : PIECE;
    }

    /// This matrix as a left-hand side of `m` rows and `k` columns.
    public LeftOperand left(int m, int k) {
        return new LeftOperand() {
            @Override
            public int rows() {
                return m;
            }

            @Override
            public int[] cuts() {
                return Matrix.cuts(k, DEPTH);
            }

            @Override
            public int blockRows(Blocking blocking) {
                return blocking.rows();
            }

            @Override
            public Block block(int from, int to, int panels) {
                boolean near = transposed || Left.near((to - from - 1L) * stride);
                return near && panels < COPY_PANELS ? inPlace(from, to, k) : copied(from, to, k);
            }
        };
    }

    /// Ends of equal stretches of at most `depth`, but for the last.
    static int[] cuts(int k, int depth) {
        int[] cuts = new int[Math.ceilDiv(k, depth) + 1];
        for (int i = 0; i < cuts.length; i++) {
            cuts[i] = Math.min(k, i * depth);
        }
        return cuts;
    }

    private LeftOperand.Block inPlace(int from, int to, int k) {
        int rowStride = transposed ? 1 : stride;
        int kStride = transposed ? stride : 1;
        int[] rows = Rows.multiples(to - from, rowStride);
        return stretch -> {
            int first = stretch * DEPTH;
            return new Left(
                    data,
                    at + (long) from * rowStride + (long) first * kStride,
                    rows,
                    Left.ONE_RUN,
                    Math.min(DEPTH, k - first),
                    kStride);
        };
    }

    /// Row by row, or k by k with all rows of the block side by side: whichever lies contiguously, so that nothing
    /// is transposed.
    private LeftOperand.Block copied(int from, int to, int k) {
        int count = to - from;
        int kStride = transposed ? (count + 15) / 32 * 32 + 16 : 1;
        int[] rows = Rows.multiples(count, transposed ? 1 : ROW_STRIDE);
        MemorySegment block = Scratch.floats(
                Scratch.Slot.LEFT_PANEL, transposed ? (long) DEPTH * kStride : (long) count * ROW_STRIDE);
        return stretch -> {
            int first = stretch * DEPTH;
            int depth = Math.min(DEPTH, k - first);
            if (transposed) {
                LANES.copyRows(data, at + (long) first * stride + from, stride, block, 0, kStride, depth, count);
            } else {
                LANES.copyRows(data, at + (long) from * stride + first, stride, block, 0, ROW_STRIDE, count, depth);
            }
            return new Left(block, 0, rows, Left.ONE_RUN, depth, kStride);
        };
    }
}
