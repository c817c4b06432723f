package org.jmoco.tensor.ops.shape;

import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;

/// The same elements under another shape.
///
/// Gradient: `dx = reshape(dy)`.
public record Reshape(Shape to) implements Op.View {
    @Override
    public Shape shapeOf(Shape... in) {
        if (in[0].size() != to.size()) {
            throw new ShapeException(
                    "reshape: " + in[0] + " has " + in[0].size() + " elements, " + to + " has " + to.size());
        }
        return to;
    }

    @Override
    public DType typeOf(DType... in) {
        return in[0];
    }

    @Override
    public long offset(Shape in) {
        return 0;
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor dy) {
        return List.of(dy.reshape(call.input(0).shape()));
    }
}
