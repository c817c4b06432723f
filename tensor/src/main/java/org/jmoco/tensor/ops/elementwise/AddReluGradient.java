package org.jmoco.tensor.ops.elementwise;

import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;

/// Two gradients of the output of [Relu] added and carried through it: `dx = a + b` where `y > 0`, else 0.
///
/// | name | shape | meaning                        |
/// |------|-------|--------------------------------|
/// | a    | any   | one gradient of the output     |
/// | b    | same  | the other                      |
/// | y    | same  | the output of the forward pass |
public record AddReluGradient() implements Op.InPlace, Op.NoGradient {
    @Override
    public Shape shapeOf(Shape... in) {
        return in[0];
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return 2.0 * out.size();
    }
}
