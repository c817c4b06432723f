package org.jmoco.tensor.ops.elementwise;

import org.jmoco.tensor.DType;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;

/// Integers moved on around a ring, `y = (x + addend) mod modulus`, in `[0, modulus)`. The position in MoCo's
/// queue advances this way.
///
/// @param addend  how far; may be negative
/// @param modulus length of the ring, above 0
public record AddModulo(int addend, int modulus) implements Op.InPlace, Op.NoGradient {
    public AddModulo {
        if (modulus < 1) {
            throw new IllegalArgumentException("addModulo: the modulus must be at least 1, got " + modulus);
        }
    }

    @Override
    public Shape shapeOf(Shape... in) {
        return in[0];
    }

    @Override
    public DType typeOf(DType... in) {
        if (in[0] != DType.I32) {
            throw new ShapeException("addModulo: expected I32, got " + in[0]);
        }
        return DType.I32;
    }
}
