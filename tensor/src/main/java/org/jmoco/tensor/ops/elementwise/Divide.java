package org.jmoco.tensor.ops.elementwise;

import java.util.Arrays;
import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.ops.reduce.SumTo;

/// `y = a / b` element by element, broadcasting.
///
/// Gradient: `da = dy / b`, `db = −dy · y / b`, each summed over the axes along which its operand was repeated.
public record Divide() implements Op.InPlace {
    @Override
    public Shape shapeOf(Shape... in) {
        return Shape.broadcast(name(), in[0], in[1]);
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor dy) {
        Tensor a = call.input(0);
        Tensor b = call.input(1);
        return Arrays.asList(
                call.needs(0) ? SumTo.shape(dy.divide(b), a.shape()) : null,
                call.needs(1) ? SumTo.shape(dy.multiply(call.output()).divide(b).negate(), b.shape()) : null);
    }
}
