package org.jmoco.tensor.ops.random;

import org.jmoco.tensor.DType;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;

/// Standard normal floats by Box and Muller (1958), |y| ≤ 5.77.
///
/// | name  | shape     | meaning                                            |
/// |-------|-----------|----------------------------------------------------|
/// | state | `[4]` I32 | seed and step, each the low word first             |
/// | y     | `shape`   | `y[2i] = r·cos 2πu`, `y[2i+1] = r·sin 2πu`         |
///
/// with `r = √(−2 ln v)`, `v = ((word 2i >>> 8) + 1) · 2⁻²⁴` in `(0, 1]` and `u = (word 2i+1 >>> 8) · 2⁻²⁴`
/// in `[0, 1)`.
///
/// @param stream which of the state's independent sequences
public record RandomNormal(Shape shape, int stream) implements Op.NoGradient {
    @Override
    public Shape shapeOf(Shape... in) {
        RandomBlocks.requireState(name(), in[0]);
        return shape;
    }

    @Override
    public DType typeOf(DType... in) {
        RandomBlocks.requireState(name(), in[0]);
        return DType.F32;
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return 20.0 * out.size();
    }
}
