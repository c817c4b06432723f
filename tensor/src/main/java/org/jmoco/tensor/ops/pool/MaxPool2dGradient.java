package org.jmoco.tensor.ops.pool;

import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;

/// The gradient of [MaxPool2d]: each `dy` is added to the first maximum of its window.
///
/// | name | shape            | meaning                |
/// |------|------------------|------------------------|
/// | x    | `[n, h, w, c]`   | images                 |
/// | dy   | `[n, oh, ow, c]` | gradient of the maxima |
/// | dx   | `[n, h, w, c]`   | gradient of the images |
public record MaxPool2dGradient(Pooling window) implements Op.NoGradient {
    @Override
    public Shape shapeOf(Shape... in) {
        return in[0];
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return (double) in[1].size() * window.kernel() * window.kernel();
    }
}
