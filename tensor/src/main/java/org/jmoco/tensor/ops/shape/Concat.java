package org.jmoco.tensor.ops.shape;

import java.util.ArrayList;
import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;

/// Tensors one after another along an axis; their other extents are equal. Where the axes before are 1 long,
/// [ConcatLeading] does it without copies; [Tensor#concat] chooses.
///
/// Gradient: each operand gets its part of `dy`.
public record Concat(int axis) implements Op {
    @Override
    public Shape shapeOf(Shape... in) {
        return joined(axis, in);
    }

    @Override
    public DType typeOf(DType... in) {
        return commonType(in);
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor dy) {
        return parts(axis, call, dy);
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return 0;
    }

    static Shape joined(int axis, Shape... in) {
        int extent = in[0].dim(axis);
        for (int i = 1; i < in.length; i++) {
            if (in[i].rank() != in[0].rank()
                    || !in[i].with(axis, in[0].dim(axis)).equals(in[0])) {
                throw new ShapeException(
                        "concat: tensors may differ along axis " + axis + " only, got " + in[0] + " and " + in[i]);
            }
            extent = Math.addExact(extent, in[i].dim(axis));
        }
        return in[0].with(axis, extent);
    }

    static DType commonType(DType... in) {
        for (DType type : in) {
            if (type != in[0]) {
                throw new ShapeException("concat: tensors of " + in[0] + " and " + type + "; use cast");
            }
        }
        return in[0];
    }

    static List<Tensor> parts(int axis, Call call, Tensor dy) {
        List<Tensor> parts = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < call.inputs(); i++) {
            int extent = call.input(i).shape().dim(axis);
            parts.add(call.needs(i) ? dy.slice(axis, from, extent) : null);
            from += extent;
        }
        return parts;
    }
}
