package org.jmoco.tensor.ops.elementwise;

import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;

/// The square root, `y = √x`; NaN below 0.
///
/// Gradient: `dx = dy / 2y`, infinite at 0.
public record Sqrt() implements Op.InPlace {
    @Override
    public Shape shapeOf(Shape... in) {
        return in[0];
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor dy) {
        return List.of(dy.divide(call.output()).multiply(0.5f));
    }
}
