package org.jmoco.tensor.ops.update;

import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;

/// One step of an exponential moving average, such as MoCo's key encoder (He et al. 2020, equation 2).
///
/// | name    | shape | meaning                                  |
/// |---------|-------|------------------------------------------|
/// | average | any   | the average so far                       |
/// | x       | same  | the new values                           |
/// | result  | same  | `momentum·average + (1 − momentum)·x`    |
///
/// The two factors are floats that add up to exactly 1.
///
/// @param momentum how much of the old average stays, in `[0, 1]`
public record MovingAverage(float momentum) implements Op.InPlace, Op.NoGradient {
    public MovingAverage {
        if (!(momentum >= 0 && momentum <= 1)) {
            throw new IllegalArgumentException("movingAverage: the momentum must lie in [0, 1], got " + momentum);
        }
    }

    @Override
    public Shape shapeOf(Shape... in) {
        if (!in[0].equals(in[1])) {
            throw new ShapeException("movingAverage: the average is " + in[0] + ", the new values are " + in[1]);
        }
        return in[0];
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return 3.0 * out.size();
    }
}
