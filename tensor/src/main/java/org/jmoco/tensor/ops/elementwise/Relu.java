package org.jmoco.tensor.ops.elementwise;

import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;

/// Rectified linear unit, `y = max(x, 0)`; NaN stays NaN.
///
/// Gradient: `dx = dy` where `y > 0`, else 0 (at 0 itself 0, as everybody has it).
public record Relu() implements Op.InPlace {
    @Override
    public Shape shapeOf(Shape... in) {
        return in[0];
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor dy) {
        return List.of(new ReluGradient().on(dy, call.output()));
    }
}
