package org.jmoco.tensor.backend.jvm;

import java.lang.foreign.MemorySegment;

/// A row-major matrix of floats in off-heap memory, or its transpose, as an operand of [Gemm].
///
/// @param data the memory   @param at element offset of the first float
/// @param stride elements from one stored row to the next, at least the length of a stored row
/// @param transposed whether the product uses the transpose of what is stored
public record Matrix(MemorySegment data, long at, int stride, boolean transposed) implements LeftOperand, RightOperand {
    private static final Lanes LANES = Lanes.best();

    /// A matrix used as it is stored.
    public static Matrix of(MemorySegment data, long at, int stride) {
        return new Matrix(data, at, stride, false);
    }

    /// A matrix of which the product uses the transpose.
    public static Matrix transpose(MemorySegment data, long at, int stride) {
        return new Matrix(data, at, stride, true);
    }

    @Override
    public boolean byK() {
        return transposed;
    }

    @Override
    public void pack(int row, int rows, int k, int count, MemorySegment panel, long panelAt, int rowStride, int kStride) {
        if (transposed) {
            copyRows(k, count, row, rows, panel, panelAt, kStride);
        } else {
            copyRows(row, rows, k, count, panel, panelAt, rowStride);
        }
    }

    @Override
    public void pack(int column, int columns, int k, int count, MemorySegment panel, long panelAt, int panelStride) {
        if (transposed) {
            Transpose.run(data, at + (long) column * stride + k, stride, columns, count, panel, panelAt, panelStride);
        } else {
            copyRows(k, count, column, columns, panel, panelAt, panelStride);
        }
    }

    private void copyRows(int row, int rows, int from, int length, MemorySegment panel, long panelAt, int panelStride) {
        LANES.copyRows(data, at + (long) row * stride + from, stride, panel, panelAt, panelStride, rows, length);
    }
}
