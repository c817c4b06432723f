package org.jmoco.tensor.ops.shape;

import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.ops.reduce.SumTo;

/// Repeats axes of extent 1, and missing leading axes, until the shape is `to` (NumPy's rule).
///
/// Gradient: `dx` is `dy` summed over the repeated axes.
public record BroadcastTo(Shape to) implements Op {
    @Override
    public Shape shapeOf(Shape... in) {
        if (!Shape.broadcast("broadcastTo", in[0], to).equals(to)) {
            throw new ShapeException("broadcastTo: " + in[0] + " cannot become " + to);
        }
        return to;
    }

    @Override
    public DType typeOf(DType... in) {
        return in[0];
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor dy) {
        return List.of(SumTo.shape(dy, call.input(0).shape()));
    }
}
