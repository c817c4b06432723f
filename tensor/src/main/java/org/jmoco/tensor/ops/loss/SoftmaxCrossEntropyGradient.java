package org.jmoco.tensor.ops.loss;

import org.jmoco.tensor.DType;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;

/// The gradient of [SoftmaxCrossEntropy]: `dlogits[i, j] = dloss[i]·(softmax(logits[i])[j] − [j = labels[i]])`.
///
/// | name    | shape      | meaning              |
/// |---------|------------|----------------------|
/// | logits  | `[n, c]`   | as given             |
/// | labels  | `[n]`, I32 | as given             |
/// | dloss   | `[n]`      | gradient of the loss |
/// | dlogits | `[n, c]`   | gradient             |
public record SoftmaxCrossEntropyGradient() implements Op.InPlace, Op.NoGradient {
    @Override
    public Shape shapeOf(Shape... in) {
        return in[0];
    }

    @Override
    public DType typeOf(DType... in) {
        return DType.F32;
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return 4.0 * out.size();
    }
}
