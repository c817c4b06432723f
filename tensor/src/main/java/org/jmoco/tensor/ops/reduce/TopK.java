package org.jmoco.tensor.ops.reduce;

import org.jmoco.tensor.DType;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;

/// Where the `k` largest floats of every row stand, the largest first; of equal ones the one that stands first.
/// NaN counts as the largest.
///
/// | name | shape          | meaning                              |
/// |------|----------------|--------------------------------------|
/// | x    | `[…, n]`       | scores, `k ≤ n`                      |
/// | y    | `[…, k]` I32   | positions along the last axis        |
///
/// The values themselves: `x.gatherAlong(-1, y)`, which has a gradient.
///
/// @param k how many, at least 1
public record TopK(int k) implements Op.NoGradient {
    @Override
    public Shape shapeOf(Shape... in) {
        if (in[0].rank() == 0 || k < 1 || k > in[0].dim(-1)) {
            throw new ShapeException("topK: there are no " + k + " largest elements in the rows of " + in[0]);
        }
        return in[0].with(-1, k);
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
