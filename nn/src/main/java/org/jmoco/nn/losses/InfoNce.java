package org.jmoco.nn.losses;

import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;

/// The contrastive loss of MoCo (He et al. 2020, equation 1): each query is to be told from all other keys as the
/// one of its own image.
///
/// `loss = mean over i of −log( exp(qᵢ·kᵢ / T) / (exp(qᵢ·kᵢ / T) + Σⱼ exp(qᵢ·queueⱼ / T)) )`, in nats. With
/// nothing learned it is about `ln(K + 1)`. Gradients flow into the queries only.
///
/// @param losses one a query, `[n]`
/// @param logits similarities over temperature, `[n, 1 + K]`; the first column holds the positives
public record InfoNce(Tensor losses, Tensor logits) {
    /// Adds the loss to the program.
    ///
    /// @param queries     `[n, d]`, rows of unit length
    /// @param keys        `[n, d]`, rows of unit length: the other views of the same images
    /// @param queue       `[K, d]`, rows of unit length: keys of other images
    /// @param temperature T, above 0
    public static InfoNce of(Tensor queries, Tensor keys, Tensor queue, float temperature) {
        Shape q = queries.shape().requireRank(2, "infoNce", "queries [n, d]");
        queue.shape().requireRank(2, "infoNce", "a queue [K, d]");
        if (!keys.shape().equals(q) || queue.shape().dim(1) != q.dim(1)) {
            throw new ShapeException("infoNce: queries " + q + " need keys " + q + " and a queue [K, " + q.dim(1)
                    + "], got keys " + keys.shape() + " and queue " + queue.shape());
        }
        if (!(temperature > 0)) {
            throw new IllegalArgumentException("infoNce: the temperature must be above 0, got " + temperature);
        }
        // Dividing the queries rather than the logits saves two passes over n·K values.
        Tensor scaled = queries.divide(temperature);
        Tensor positives = scaled.multiply(keys.stopGradient()).sum(1).reshape(q.dim(0), 1);
        Tensor negatives = scaled.matmul(queue.stopGradient(), false, true);
        Tensor logits = Tensor.concat(1, positives, negatives);
        Tensor labels = Tensor.of(Shape.of(q.dim(0)), new int[q.dim(0)]);
        return new InfoNce(logits.softmaxCrossEntropy(labels), logits);
    }

    /// Mean over the batch, `[]`.
    public Tensor loss() {
        return losses.mean();
    }

    /// 1 for each query whose own key is among the `k` most similar ones, else 0; `[n]`. A key that is no more similar
    /// than a negative does not come before it: of an encoder that maps all images to one point nothing hits.
    public Tensor hits(int k) {
        Tensor positives = logits.slice(1, 0, 1);
        Tensor below = positives.greater(logits).sum(1);
        int negatives = logits.shape().dim(1) - 1;
        return below.greater(Tensor.scalar(negatives - k));
    }

    /// The part of the queries whose own key is among the `k` most similar ones, `[]`, in [0, 1];
    /// ties are no hits.
    public Tensor accuracy(int k) {
        return hits(k).mean();
    }
}
