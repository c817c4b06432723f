package org.jmoco.tensor.ops.shape;

import java.util.Arrays;
import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;

/// Elements picked along one axis, each line of the tensor by its own positions: PyTorch's `gather`, NumPy's
/// `take_along_axis`.
///
/// | name      | shape                              | meaning                                     |
/// |-----------|------------------------------------|---------------------------------------------|
/// | x         | `[…, n, …]`                        | where the elements come from, of any type   |
/// | positions | `[…, m, …]` I32, else the same     | positions along the axis, each in `[0, n)`  |
/// | y         | as `positions`                     | for the last axis `y[…, i] = x[…, positions[…, i]]` |
///
/// A position outside `[0, n)` ends the run with an [IndexOutOfBoundsException].
///
/// Gradient: `dx` is `dy` [scattered][ScatterAddAlong] back.
public record GatherAlong(int axis) implements Op {
    @Override
    public Shape shapeOf(Shape... in) {
        if (in[0].rank() != in[1].rank() || !in[0].with(axis, in[1].dim(axis)).equals(in[1])) {
            throw new ShapeException("gatherAlong: positions may differ from the tensor along axis " + axis
                    + " only, got " + in[1] + " for " + in[0]);
        }
        return in[1];
    }

    @Override
    public DType typeOf(DType... in) {
        return RowNumbers.requireIntegers(name(), in[0], in[1]);
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor dy) {
        return Arrays.asList(
                call.needs(0)
                        ? dy.scatterAddAlong(
                                axis, call.input(1), call.input(0).shape().dim(axis))
                        : null,
                null);
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return 0;
    }
}
