package org.jmoco.eval.segment;

import org.jmoco.nn.Mode;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;

/// What training makes small: the cross-entropy of every pixel, of both heads. Scores are enlarged to the labels
/// first. Pixels without a label count as 0, and count: the mean is over all pixels, as MMSegmentation takes it
/// (`avg_non_ignore=False`). Where the images lie on ranks there is a mean for each.
///
/// @param total     `decode + weight · auxiliary`, nats, shape `[]`, or `[ranks here]`
/// @param decode    of the deciding head
/// @param auxiliary of the other one, not yet weighted
public record SegmentLoss(Tensor total, Tensor decode, Tensor auxiliary) {
    /// The label of pixels that have none.
    public static final int IGNORED = 255;

    /// Both heads' losses on a batch.
    ///
    /// @param images normalised, `[n, h, w, 3]`
    /// @param labels `[n, h, w]` U8: classes, or [#IGNORED]
    /// @param weight of the auxiliary head's loss
    public static SegmentLoss of(Segmenter net, Tensor images, Tensor labels, Mode mode, double weight) {
        Segmenter.Logits logits = net.logits(images, mode);
        Tensor given = labels.cast(DType.F32).reshape(-1);
        Tensor counts = given.equalTo(Tensor.scalar(IGNORED)).multiply(-1).add(1); // 1, or 0 without a label
        Tensor classes = given.multiply(counts).cast(DType.I32);
        Tensor decode = mean(mode, pixels(net, logits.decode(), labels.shape(), classes, counts));
        Tensor auxiliary = mean(mode, pixels(net, logits.auxiliary(), labels.shape(), classes, counts));
        return new SegmentLoss(decode.add(auxiliary.multiply((float) weight)), decode, auxiliary);
    }

    private static Tensor mean(Mode mode, Tensor pixels) {
        return mode instanceof Mode.Train train && train.ranks().isPresent()
                ? pixels.reshape(train.groups().count(), -1).mean(1)
                : pixels.mean();
    }

    private static Tensor pixels(Segmenter net, Tensor logits, Shape labels, Tensor classes, Tensor counts) {
        return net.enlarge(logits, labels.dim(1), labels.dim(2))
                .reshape(-1, logits.shape().dim(3))
                .softmaxCrossEntropy(classes)
                .multiply(counts);
    }
}
