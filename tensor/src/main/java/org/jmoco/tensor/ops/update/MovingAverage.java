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
/// Both factors are rounded to floats by themselves, as in `k * m + q * (1 - m)` in PyTorch: what is new beside
/// 0.999 is 0.001, where `1 − 0.999f` would be 1.3e-5 of it too little. So their sum may be a rounding away from
/// 1.
///
/// @param momentum how much of the old average stays, in `[0, 1]`. Write `0.999`: a `0.999f` is widened as it is,
///     0.99900001287, and brings that error back, too small for a training to show but more than a rounding.
public record MovingAverage(double momentum) implements Op.InPlace, Op.NoGradient {
    public MovingAverage {
        if (!(momentum >= 0 && momentum <= 1)) {
            throw new IllegalArgumentException("movingAverage: the momentum must lie in [0, 1], got " + momentum);
        }
    }

    /// The factor of the average so far.
    public float keep() {
        return (float) momentum;
    }

    /// The factor of the new values.
    public float take() {
        return (float) (1 - momentum);
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
