package org.jmoco.tensor.ops.loss;

import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;

/// The gradient of [SigmoidCrossEntropy] to the logits: `dlogits = (1/(1 + e^−x) − t)·dloss`.
///
/// | name    | shape | meaning              |
/// |---------|-------|----------------------|
/// | logits  | any   | as given             |
/// | targets | same  | as given             |
/// | dloss   | same  | gradient of the loss |
/// | dlogits | same  | gradient             |
public record SigmoidCrossEntropyGradient() implements Op.InPlace, Op.NoGradient {
    @Override
    public Shape shapeOf(Shape... in) {
        return in[0];
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return 5.0 * out.size();
    }
}
