package org.jmoco.tensor.ops.pool;

import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;

/// The largest value of each window; padding counts as −∞, NaN wins.
///
/// | name | shape            | meaning |
/// |------|------------------|---------|
/// | x    | `[n, h, w, c]`   | images  |
/// | y    | `[n, oh, ow, c]` | maxima  |
///
/// Gradient: `dy` goes to the maximum of its window, the first one in row-major order where several are equal.
public record MaxPool2d(Pooling window) implements Op {
    @Override
    public Shape shapeOf(Shape... in) {
        return window.shapeOf("maxPool2d", in[0]);
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor dy) {
        return List.of(new MaxPool2dGradient(window).on(call.input(0), dy));
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return (double) out.size() * window.kernel() * window.kernel();
    }
}
