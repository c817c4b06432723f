package org.jmoco.tensor.ops.loss;

import java.util.Arrays;
import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;

/// Cross-entropy of the softmax of every row with its label, in nats.
///
/// | name   | shape                 | meaning                                             |
/// |--------|-----------------------|-----------------------------------------------------|
/// | logits | `[n, c]`              | unnormalised log-probabilities                      |
/// | labels | `[n]`, I32, `[0, c)`  | the right class of each row                         |
/// | loss   | `[n]`                 | `log Σ_j exp(logits[i, j]) − logits[i, labels[i]]`   |
///
/// Gradient: `dlogits[i, j] = dloss[i]·(softmax(logits[i])[j] − [j = labels[i]])`.
public record SoftmaxCrossEntropy() implements Op {
    @Override
    public Shape shapeOf(Shape... in) {
        Shape logits = in[0].requireRank(2, "softmaxCrossEntropy", "logits [n, c]");
        Shape labels = Shape.of(logits.dim(0));
        if (!in[1].equals(labels)) {
            throw new ShapeException(
                    "softmaxCrossEntropy: logits " + logits + " want labels " + labels + ", got " + in[1]);
        }
        return labels;
    }

    @Override
    public DType typeOf(DType... in) {
        if (in[0] != DType.F32 || in[1] != DType.I32) {
            throw new ShapeException(
                    "softmaxCrossEntropy: expected logits F32 and labels I32, got " + in[0] + " and " + in[1]);
        }
        return DType.F32;
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor dy) {
        return Arrays.asList(new SoftmaxCrossEntropyGradient().on(call.input(0), call.input(1), dy), null);
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return 4.0 * in[0].size();
    }
}
