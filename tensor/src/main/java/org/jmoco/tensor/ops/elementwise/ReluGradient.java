package org.jmoco.tensor.ops.elementwise;

import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;

/// The gradient of [Relu]: `dx = dy` where `y > 0`, else 0.
///
/// | name | shape | meaning                        |
/// |------|-------|--------------------------------|
/// | dy   | any   | gradient of the output         |
/// | y    | same  | the output of the forward pass |
public record ReluGradient() implements Op.InPlace, Op.NoGradient {
    @Override
    public Shape shapeOf(Shape... in) {
        return in[0];
    }
}
