package org.jmoco.tensor.ops.reduce;

import org.jmoco.tensor.DType;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;

/// The position of the largest float along one axis, which disappears, as I32; the first of equal ones. NaN counts
/// as the largest.
public record ArgMax(int axis) implements Op.NoGradient {
    @Override
    public Shape shapeOf(Shape... in) {
        return Max.requireElements(name(), in[0], axis).without(axis);
    }

    @Override
    public DType typeOf(DType... in) {
        Op.NoGradient.super.typeOf(in);
        return DType.I32;
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return in[0].size();
    }
}
