package org.jmoco.tensor.ops.elementwise;

import java.util.Arrays;
import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.ops.reduce.SumTo;

/// The larger of `a` and `b`, broadcasting; NaN if either is NaN.
///
/// Gradient: `dy` goes to the larger operand, to each one half where they are equal (as in PyTorch), each summed
/// over the axes along which its operand was repeated.
public record Maximum() implements Op.InPlace {
    @Override
    public Shape shapeOf(Shape... in) {
        return Shape.broadcast(name(), in[0], in[1]);
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor dy) {
        Tensor a = call.input(0);
        Tensor b = call.input(1);
        return Arrays.asList(
                call.needs(0) ? SumTo.shape(dy.multiply(share(a, b)), a.shape()) : null,
                call.needs(1) ? SumTo.shape(dy.multiply(share(b, a)), b.shape()) : null);
    }

    /// 1 where x is the larger one, 1/2 where both are equal.
    private static Tensor share(Tensor x, Tensor other) {
        return x.greater(other).add(x.equalTo(other).multiply(0.5f));
    }
}
