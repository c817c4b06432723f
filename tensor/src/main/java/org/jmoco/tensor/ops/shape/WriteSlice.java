package org.jmoco.tensor.ops.shape;

import org.jmoco.tensor.DType;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;

/// A tensor with some of its rows replaced, at a place known when the program runs. MoCo's queue takes its new
/// keys this way.
///
/// | name   | shape     | meaning                                                |
/// |--------|-----------|--------------------------------------------------------|
/// | whole  | `[k, …]`  | the tensor before, of any type                         |
/// | rows   | `[n, …]`  | the new rows, `n ≤ k`                                  |
/// | offset | `[]` I32  | the row where they go, in `[0, k − n]`; `[1]` as well  |
/// | result | `[k, …]`  | `whole` with `result[offset + i] = rows[i]`            |
///
/// An offset outside `[0, k − n]` ends the run with an [IndexOutOfBoundsException].
public record WriteSlice() implements Op.InPlace, Op.NoGradient {
    @Override
    public Shape shapeOf(Shape... in) {
        Shape whole = RowNumbers.requireRows(name(), in[0]);
        Shape rows = in[1];
        if (rows.rank() != whole.rank() || !rows.with(0, whole.dim(0)).equals(whole) || rows.dim(0) > whole.dim(0)) {
            throw new ShapeException("writeSlice: " + rows + " are not rows of " + whole);
        }
        if (in[2].size() != 1) {
            throw new ShapeException("writeSlice: expected one offset, got " + in[2]);
        }
        return whole;
    }

    @Override
    public DType typeOf(DType... in) {
        if (in[1] != in[0]) {
            throw new ShapeException(
                    "writeSlice: the tensor is " + in[0] + ", the new rows are " + in[1] + "; use cast");
        }
        return RowNumbers.requireIntegers(name(), in[0], in[2]);
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return 0;
    }
}
