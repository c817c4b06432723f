package org.jmoco.tensor.ops.shape;

import java.util.Arrays;
import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;

/// Rows picked by number: `y[i] = x[rows[i]]`.
///
/// | name | shape      | meaning                                                      |
/// |------|------------|--------------------------------------------------------------|
/// | x    | `[n, …]`   | where the rows come from, of any type                        |
/// | rows | `[m]` I32  | row numbers, each in `[0, n)`; repeats and omissions allowed |
/// | y    | `[m, …]`   | the picked rows                                              |
///
/// A row number outside `[0, n)` ends the run with an [IndexOutOfBoundsException].
///
/// Gradient: `dx` is `dy` [scattered][ScatterAddRows] back; rows picked more than once get the sum.
public record GatherRows() implements Op {
    @Override
    public Shape shapeOf(Shape... in) {
        return RowNumbers.requireRows("gatherRows", in[0]).with(0, RowNumbers.requireNumbers("gatherRows", in[1]));
    }

    @Override
    public DType typeOf(DType... in) {
        return RowNumbers.requireIntegers("gatherRows", in[0], in[1]);
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor dy) {
        return Arrays.asList(
                call.needs(0)
                        ? dy.scatterAddRows(call.input(1), call.input(0).shape().dim(0))
                        : null,
                null);
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return 0;
    }
}
