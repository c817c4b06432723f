package org.jmoco.tensor.ops.pool;

import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;

/// The mean of each window; zero padding counts in the mean (`count_include_pad`, PyTorch's default).
///
/// | name | shape            | meaning |
/// |------|------------------|---------|
/// | x    | `[n, h, w, c]`   | images  |
/// | y    | `[n, oh, ow, c]` | means   |
///
/// Gradient: every position of a window gets `dy / kernel²`.
public record AvgPool2d(Pooling window) implements Op {
    @Override
    public Shape shapeOf(Shape... in) {
        return window.shapeOf("avgPool2d", in[0]);
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor dy) {
        return List.of(new AvgPool2dGradient(window, call.input(0).shape()).on(dy));
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return (double) out.size() * window.kernel() * window.kernel();
    }
}
