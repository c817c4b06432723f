package org.jmoco.tensor.ops.elementwise;

import org.jmoco.tensor.Shape;

/// How operands that broadcast are walked: rows of the output along which every operand has a constant stride of 1
/// or 0.
///
/// Neighbouring axes are merged where all operands allow it, so equal shapes are a single row and
/// `[n, h, w, c] + [c]` is rows of length c.
public final class Broadcast {
    private final int[] dims; // merged extents, the last one is the row
    private final long[][] strides; // of each operand, 0 where it is repeated

    private Broadcast(int[] dims, long[][] strides) {
        this.dims = dims;
        this.strides = strides;
    }

    /// The walk over `out` for operands that broadcast to it.
    public static Broadcast of(Shape out, Shape... operands) {
        int rank = out.rank();
        int[] dims = new int[Math.max(1, rank)];
        long[][] strides = new long[operands.length][dims.length];
        int axes = 0;
        for (int a = 0; a < rank; a++) {
            if (out.dim(a) == 1 && rank > 1) {
                continue;
            }
            long[] here = new long[operands.length];
            boolean merges = axes > 0;
            for (int i = 0; i < operands.length; i++) {
                here[i] = stride(operands[i], a - (rank - operands[i].rank()));
                merges &= strides[i][Math.max(0, axes - 1)] == here[i] * out.dim(a);
            }
            int at = merges ? axes - 1 : axes++;
            dims[at] = merges ? dims[at] * out.dim(a) : out.dim(a);
            for (int i = 0; i < operands.length; i++) {
                strides[i][at] = here[i];
            }
        }
        if (axes == 0) {
            dims[0] = 1;
            axes = 1;
        }
        long[][] used = new long[operands.length][];
        for (int i = 0; i < operands.length; i++) {
            used[i] = java.util.Arrays.copyOf(strides[i], axes);
        }
        return new Broadcast(java.util.Arrays.copyOf(dims, axes), used);
    }

    private static long stride(Shape operand, int axis) {
        return axis < 0 || operand.dim(axis) == 1 ? 0 : operand.size(axis + 1, operand.rank());
    }

    /// Number of rows.
    public long rows() {
        long rows = 1;
        for (int a = 0; a < dims.length - 1; a++) {
            rows *= dims[a];
        }
        return rows;
    }

    /// Elements of one row of the output.
    public int rowLength() {
        return dims[dims.length - 1];
    }

    /// 1 if operand `i` advances along a row, 0 if it stands still.
    public int rowStride(int i) {
        return (int) strides[i][dims.length - 1];
    }

    /// Where operand `i` begins for a row, in elements.
    public long offset(int i, long row) {
        long at = 0;
        long rest = row;
        for (int a = dims.length - 2; a >= 0; a--) {
            at += rest % dims[a] * strides[i][a];
            rest /= dims[a];
        }
        return at;
    }
}
