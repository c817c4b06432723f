package org.jmoco.tensor.ops.loss;

import java.util.Arrays;
import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;

/// Binary cross-entropy of a logit's sigmoid with a target, in nats, without overflow; PyTorch's
/// `binary_cross_entropy_with_logits`.
///
/// | name    | shape             | meaning                                                            |
/// |---------|-------------------|--------------------------------------------------------------------|
/// | logits  | any               | log-odds                                                           |
/// | targets | same              | probabilities, 0 or 1 as a rule                                    |
/// | loss    | same              | `ln(1 + eˣ) − x·t = max(x, 0) − x·t + ln(1 + e^−|x|)`              |
///
/// Gradient: `dlogits = (σ(x) − t)·dloss`, `dtargets = −x·dloss`.
public record SigmoidCrossEntropy() implements Op.InPlace {
    @Override
    public Shape shapeOf(Shape... in) {
        if (!in[0].equals(in[1])) {
            throw new ShapeException("sigmoidCrossEntropy: logits " + in[0] + " want as many targets, got " + in[1]);
        }
        return in[0];
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor dy) {
        Tensor logits = call.input(0);
        return Arrays.asList(
                call.needs(0) ? new SigmoidCrossEntropyGradient().on(logits, call.input(1), dy) : null,
                call.needs(1) ? logits.negate().multiply(dy) : null);
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return 5.0 * out.size();
    }
}
