package org.jmoco.tensor.ops.shape;

import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;

/// Puts `before` positions of zeros in front of an axis and `after` behind it.
///
/// Gradient: `dx` is the part of `dy` in between.
public record Pad(int axis, int before, int after) implements Op {
    public Pad {
        if (before < 0 || after < 0) {
            throw new ShapeException(
                    "pad: expected at least 0 positions on either side, got " + before + " and " + after);
        }
    }

    @Override
    public Shape shapeOf(Shape... in) {
        return in[0].with(axis, Math.addExact(Math.addExact(in[0].dim(axis), before), after));
    }

    @Override
    public DType typeOf(DType... in) {
        return in[0];
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor dy) {
        return List.of(dy.slice(axis, before, call.input(0).shape().dim(axis)));
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return 0;
    }
}
