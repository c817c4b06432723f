package org.jmoco.tensor.ops.shape;

import java.util.List;
import java.util.stream.IntStream;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;

/// Reorders axes: axis `a` of the result is axis `axes[a]` of the operand. `[0, 3, 1, 2]` turns NHWC into NCHW.
///
/// Gradient: `dx` is `dy` in the inverse order.
public record Permute(List<Integer> axes) implements Op {
    public Permute {
        axes = List.copyOf(axes);
    }

    @Override
    public Shape shapeOf(Shape... in) {
        if (!axes.stream()
                .sorted()
                .toList()
                .equals(IntStream.range(0, in[0].rank()).boxed().toList())) {
            throw new ShapeException("permute: " + axes + " is not an order of the axes of " + in[0]);
        }
        return Shape.of(axes.stream().mapToInt(in[0]::dim).toArray());
    }

    @Override
    public DType typeOf(DType... in) {
        return in[0];
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor dy) {
        return List.of(
                dy.permute(IntStream.range(0, axes.size()).map(axes::indexOf).toArray()));
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return 0;
    }
}
