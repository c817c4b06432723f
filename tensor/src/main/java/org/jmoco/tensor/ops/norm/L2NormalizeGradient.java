package org.jmoco.tensor.ops.norm;

import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;

/// The gradient of [L2Normalize].
///
/// | name | shape | meaning |
/// |---|---|---|
/// | dy | `[n, d]` | gradient of the output |
/// | x | `[n, d]` | the operand |
/// | y | `[n, d]` | the output |
/// | dx | `[n, d]` | `(dy[i] − y[i]·⟨y[i], dy[i]⟩) / ‖x[i]‖₂`, or `dy[i] / epsilon` where `‖x[i]‖₂ ≤ epsilon` |
public record L2NormalizeGradient(float epsilon) implements Op.InPlace, Op.NoGradient {
    @Override
    public Shape shapeOf(Shape... in) {
        return in[0];
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return 6.0 * out.size();
    }
}
