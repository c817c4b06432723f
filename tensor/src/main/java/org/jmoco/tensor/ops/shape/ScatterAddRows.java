package org.jmoco.tensor.ops.shape;

import java.util.Arrays;
import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;

/// Rows added up by number: `y[rows[i]] += x[i]` in the order of i, from zeros. With a permutation as `rows` this
/// undoes [GatherRows].
///
/// | name | shape         | meaning                        |
/// |------|---------------|--------------------------------|
/// | x    | `[m, …]`      | what is added                  |
/// | rows | `[m]` I32     | where to, each in `[0, count)` |
/// | y    | `[count, …]`  | the sums                       |
///
/// A row number outside `[0, count)` ends the run with an [IndexOutOfBoundsException].
///
/// Gradient: `dx` gathers `dy` by the same numbers.
///
/// @param count rows of the result
public record ScatterAddRows(int count) implements Op {
    @Override
    public Shape shapeOf(Shape... in) {
        int m = RowNumbers.requireRows(name(), in[0]).dim(0);
        if (RowNumbers.requireNumbers(name(), in[1]) != m) {
            throw new ShapeException(
                    "scatterAddRows: " + m + " rows in " + in[0] + ", but " + in[1].dim(0) + " row numbers");
        }
        return in[0].with(0, count);
    }

    @Override
    public DType typeOf(DType... in) {
        if (in[0] != DType.F32) {
            throw new ShapeException("scatterAddRows: adds F32, got " + in[0] + "; use cast(DType.F32)");
        }
        return RowNumbers.requireIntegers(name(), in[0], in[1]);
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor dy) {
        return Arrays.asList(call.needs(0) ? dy.gatherRows(call.input(1)) : null, null);
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return in[0].size();
    }
}
