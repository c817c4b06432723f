package org.jmoco.tensor.ops.shape;

import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;

/// [Concat] along an axis before which every extent is 1: the operands lie one after another, so they can be
/// computed right where they are wanted.
///
/// Gradient: each operand gets its part of `dy`.
public record ConcatLeading(int axis) implements Op.Packed {
    @Override
    public Shape shapeOf(Shape... in) {
        Shape out = Concat.joined(axis, in);
        if (!SliceLeading.applies(out, axis)) {
            throw new ShapeException(
                    "concatLeading: axis " + axis + " of " + out + " is not the leading one; use concat");
        }
        return out;
    }

    @Override
    public DType typeOf(DType... in) {
        return Concat.commonType(in);
    }

    @Override
    public long offset(int i, Shape... in) {
        long at = 0;
        for (int k = 0; k < i; k++) {
            at += in[k].size();
        }
        return at;
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor dy) {
        return Concat.parts(axis, call, dy);
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return 0;
    }
}
