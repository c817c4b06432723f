package org.jmoco.tensor.ops.shape;

import java.util.Arrays;
import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;

/// The elements as another type. Floats lose their fraction (towards zero) and what lies outside the range of the
/// new type becomes its nearest value; NaN becomes 0. Integers become the nearest float.
///
/// Gradient: none; integers have no neighbours.
public record Cast(DType to) implements Op {
    @Override
    public Shape shapeOf(Shape... in) {
        return in[0];
    }

    @Override
    public DType typeOf(DType... in) {
        return to;
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor dy) {
        return Arrays.asList((Tensor) null);
    }
}
