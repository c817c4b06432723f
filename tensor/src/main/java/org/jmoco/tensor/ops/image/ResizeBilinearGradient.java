package org.jmoco.tensor.ops.image;

import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;

/// The gradient of [ResizeBilinear]: every position gets `dy` of each result it has a share in, times that share.
/// Linear; its own gradient is [ResizeBilinear].
///
/// | name | shape                    | meaning                |
/// |------|--------------------------|------------------------|
/// | dy   | `[n, height, width, c]`  | gradient of the result |
/// | dx   | `[n, h, w, c]`, `images` | gradient of the images |
public record ResizeBilinearGradient(ResizeBilinear resize, Shape images) implements Op {
    @Override
    public Shape shapeOf(Shape... in) {
        return images;
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor ddx) {
        return List.of(resize.on(ddx));
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return 8.0 * in[0].size();
    }
}
