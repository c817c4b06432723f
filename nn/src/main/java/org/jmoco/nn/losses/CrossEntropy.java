package org.jmoco.nn.losses;

import org.jmoco.tensor.Tensor;

/// The loss of classifiers.
public final class CrossEntropy {
    private CrossEntropy() {}

    /// Mean over the batch of the softmax cross-entropy, in nats, `[]`.
    ///
    /// @param logits `[n, classes]`
    /// @param labels `[n]`, I32, each in `[0, classes)`
    public static Tensor mean(Tensor logits, Tensor labels) {
        return logits.softmaxCrossEntropy(labels).mean();
    }
}
