package org.jmoco.tensor.ops.shape;

import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;

/// The `length` positions of one axis from `start` on, copied. Where the axes before are 1 long, [SliceLeading]
/// does it without a copy; [Tensor#slice] chooses.
///
/// Gradient: `dx` is `dy` with zeros on either side.
public record Slice(int axis, int start, int length) implements Op {
    @Override
    public Shape shapeOf(Shape... in) {
        return sliced(in[0], axis, start, length);
    }

    static Shape sliced(Shape x, int axis, int start, int length) {
        if (start < 0 || length < 0 || start > x.dim(axis) - length) {
            throw new ShapeException("slice: positions " + start + " to " + ((long) start + length)
                    + " (exclusive) of axis " + axis + " do not exist in " + x);
        }
        return x.with(axis, length);
    }

    @Override
    public DType typeOf(DType... in) {
        return in[0];
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor dy) {
        return List.of(dy.pad(axis, start, call.input(0).shape().dim(axis) - start - length));
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return 0;
    }
}
