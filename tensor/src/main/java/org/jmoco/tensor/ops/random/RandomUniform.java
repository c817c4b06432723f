package org.jmoco.tensor.ops.random;

import org.jmoco.tensor.DType;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;

/// Floats uniform in `[0, 1)`, multiples of 2⁻²⁴.
///
/// | name  | shape     | meaning                                     |
/// |-------|-----------|---------------------------------------------|
/// | state | `[4]` I32 | seed and step, each the low word first      |
/// | y     | `shape`   | `y[i] = (word i of the stream >>> 8) · 2⁻²⁴` |
///
/// @param stream which of the state's independent sequences
public record RandomUniform(Shape shape, int stream) implements Op.NoGradient {
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
}
