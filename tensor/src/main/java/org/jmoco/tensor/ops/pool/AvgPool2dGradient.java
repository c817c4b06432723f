package org.jmoco.tensor.ops.pool;

import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;

/// The gradient of [AvgPool2d]: every position gets `dy / kernel²` of each window it lies in. Linear; its own
/// gradient is [AvgPool2d].
///
/// | name | shape                      | meaning                |
/// |------|----------------------------|------------------------|
/// | dy   | `[n, oh, ow, c]`           | gradient of the means  |
/// | dx   | `[n, h, w, c]`, `images`   | gradient of the images |
public record AvgPool2dGradient(Pooling window, Shape images) implements Op {
    @Override
    public Shape shapeOf(Shape... in) {
        return images;
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor ddx) {
        return List.of(new AvgPool2d(window).on(ddx));
    }
}
