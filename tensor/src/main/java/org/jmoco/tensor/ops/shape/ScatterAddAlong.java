package org.jmoco.tensor.ops.shape;

import java.util.Arrays;
import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;

/// Elements added up along one axis, each line by its own positions, from zeros and in the order in which they
/// stand: the inverse of [GatherAlong].
///
/// | name      | shape                  | meaning                                                |
/// |-----------|------------------------|--------------------------------------------------------|
/// | x         | `[…, m, …]`            | what is added                                          |
/// | positions | as `x`, I32            | where to along the axis, each in `[0, extent)`         |
/// | y         | `[…, extent, …]`       | for the last axis `y[…, positions[…, i]] += x[…, i]`    |
///
/// A position outside `[0, extent)` ends the run with an [IndexOutOfBoundsException].
///
/// Gradient: `dx` gathers `dy` by the same positions.
///
/// @param extent of the result along the axis
public record ScatterAddAlong(int axis, int extent) implements Op {
    @Override
    public Shape shapeOf(Shape... in) {
        if (!in[0].equals(in[1])) {
            throw new ShapeException("scatterAddAlong: elements " + in[0] + ", but positions " + in[1]);
        }
        return in[0].with(axis, extent);
    }

    @Override
    public DType typeOf(DType... in) {
        if (in[0] != DType.F32) {
            throw new ShapeException("scatterAddAlong: adds F32, got " + in[0] + "; use cast(DType.F32)");
        }
        return RowNumbers.requireIntegers(name(), in[0], in[1]);
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor dy) {
        return Arrays.asList(call.needs(0) ? dy.gatherAlong(axis, call.input(1)) : null, null);
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return in[0].size();
    }
}
