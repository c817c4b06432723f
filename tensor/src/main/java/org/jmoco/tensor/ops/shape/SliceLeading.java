package org.jmoco.tensor.ops.shape;

import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;

/// [Slice] along an axis before which every extent is 1: the result is one stretch of the operand's memory.
///
/// Gradient: `dx` is `dy` with zeros on either side.
public record SliceLeading(int axis, int start, int length) implements Op.View {
    /// Whether axis `axis` of `x` is one.
    static boolean applies(Shape x, int axis) {
        return x.size(0, axis) == 1;
    }

    @Override
    public Shape shapeOf(Shape... in) {
        if (!applies(in[0], axis)) {
            throw new ShapeException(
                    "sliceLeading: axis " + axis + " of " + in[0] + " is not the leading one; use slice");
        }
        return Slice.sliced(in[0], axis, start, length);
    }

    @Override
    public DType typeOf(DType... in) {
        return in[0];
    }

    @Override
    public long offset(Shape in) {
        return start * in.size(axis + 1, in.rank());
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor dy) {
        return List.of(dy.pad(axis, start, call.input(0).shape().dim(axis) - start - length));
    }
}
