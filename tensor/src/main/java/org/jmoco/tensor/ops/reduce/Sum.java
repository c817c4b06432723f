package org.jmoco.tensor.ops.reduce;

import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;

/// Sum over one axis, which disappears. The sum of nothing is 0.
///
/// Gradient: `dx` repeats `dy` along the axis.
public record Sum(int axis) implements Op.SampleSum {
    @Override
    public Shape shapeOf(Shape... in) {
        return in[0].without(axis);
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor dy) {
        Shape x = call.input(0).shape();
        return List.of(dy.reshape(x.with(axis, 1)).broadcastTo(x));
    }

    @Override
    public boolean sumsSamples() {
        return axis == 0;
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return in[0].size();
    }
}
