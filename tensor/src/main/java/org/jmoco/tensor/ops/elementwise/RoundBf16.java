package org.jmoco.tensor.ops.elementwise;

import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;

/// Rounds to bfloat16, 8 significant bits, and stays float32: `y` is the number of that format nearest to `x`, of two
/// equally near ones that whose last bit is 0. NaN stays NaN; what lies beyond the largest number by half a step or
/// more becomes infinite.
///
/// Gradient: none. It comes into a program after the gradients, see [Program#with][org.jmoco.tensor.Program#with].
public record RoundBf16() implements Op.InPlace, Op.NoGradient, Op.Bfloat16 {
    @Override
    public Shape shapeOf(Shape... in) {
        return in[0];
    }
}
