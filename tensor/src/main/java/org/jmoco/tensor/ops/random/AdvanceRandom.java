package org.jmoco.tensor.ops.random;

import org.jmoco.tensor.DType;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;

/// The state of the random numbers one step on: the same seed, the 64-bit step plus 1.
public record AdvanceRandom() implements Op.InPlace, Op.NoGradient {
    @Override
    public Shape shapeOf(Shape... in) {
        RandomBlocks.requireState(name(), in[0]);
        return in[0];
    }

    @Override
    public DType typeOf(DType... in) {
        RandomBlocks.requireState(name(), in[0]);
        return DType.I32;
    }
}
