package org.jmoco.tensor.ops.pool;

import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;

/// The gradient of [AdaptiveAvgPool2d]. Linear; its own gradient is the pooling.
///
/// | name | shape                    | meaning                |
/// |------|--------------------------|------------------------|
/// | dy   | `[n, height, width, c]`  | gradient of the means  |
/// | dx   | `[n, h, w, c]`, `images` | gradient of the images |
public record AdaptiveAvgPool2dGradient(AdaptiveAvgPool2d pool, Shape images) implements Op {
    @Override
    public Shape shapeOf(Shape... in) {
        return images;
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor ddx) {
        return List.of(pool.on(ddx));
    }
}
