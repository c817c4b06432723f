package org.jmoco.tensor.ops.shape;

import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;

/// The same value in memory of its own. The planner adds these where state or an output may not share memory.
///
/// Gradient: `dx = dy`.
public record Copy() implements Op {
    @Override
    public Shape shapeOf(Shape... in) {
        return in[0];
    }

    @Override
    public DType typeOf(DType... in) {
        return in[0];
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor dy) {
        return List.of(dy);
    }
}
