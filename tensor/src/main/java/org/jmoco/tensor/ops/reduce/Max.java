package org.jmoco.tensor.ops.reduce;

import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;

/// The largest element along one axis, which disappears; NaN if there is one.
///
/// Gradient: `dy` goes to the first of the largest elements, as in PyTorch's `max(dim)`.
public record Max(int axis) implements Op {
    @Override
    public Shape shapeOf(Shape... in) {
        return requireElements(name(), in[0], axis).without(axis);
    }

    static Shape requireElements(String op, Shape x, int axis) {
        if (x.dim(axis) == 0) {
            throw new ShapeException(op + ": axis " + axis + " of " + x + " is empty");
        }
        return x;
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor dy) {
        Tensor x = call.input(0);
        Shape kept = x.shape().with(axis, 1);
        return List.of(dy.reshape(kept)
                .scatterAddAlong(axis, x.argMax(axis).reshape(kept), x.shape().dim(axis)));
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return in[0].size();
    }
}
