package org.jmoco.tensor.ops.elementwise;

import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;

/// The exponential, `y = eˣ`, within 2 units in the last place.
///
/// Gradient: `dx = dy · y`.
public record Exp() implements Op.InPlace {
    @Override
    public Shape shapeOf(Shape... in) {
        return in[0];
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor dy) {
        return List.of(dy.multiply(call.output()));
    }
}
