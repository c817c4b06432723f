package org.jmoco.eval.segment;

import java.util.List;
import org.jmoco.nn.Mode;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.optim.GradientSum;
import org.jmoco.nn.optim.Sgd;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Gradients;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Trace;
import org.jmoco.tensor.ops.norm.BatchGroups;

/// The programs of a segmenter: a step of training, and what a trained network says of an image.
///
/// A batch that is trained on at once is one program, [#whole]. In parts it is three: [#part] for the first and
/// for each further one, and [#finish]. Batch norm takes its statistics from what is computed at once; the running
/// ones follow the first part's, as those of data-parallel training follow its rank 0.
///
/// | input | shape | meaning |
/// |---|---|---|
/// | images | `[n, h, w, 3]` U8 | red, green, blue; anything where they are padded |
/// | extents | `[n, 2]` I32 | height and width without the padding, which becomes 0 after normalising |
/// | labels | `[n, h, w]` U8 | classes, or 255 for none |
final class SegmentPrograms {
    static final String IMAGES = "images";
    static final String EXTENTS = "extents";
    static final String LABELS = "labels";
    static final String LEARNING_RATE = "learningRate";
    static final String LOSS = "loss";
    static final String DECODE_LOSS = "decodeLoss";
    static final String AUXILIARY_LOSS = "auxiliaryLoss";
    static final String SCORES = "scores";
    static final String CLASSES = "classes";
    static final String COUNTS = "counts";

    private final Segmenter net;
    private final Normalize normalize;

    /// @param normalize what the encoder wants of bytes
    SegmentPrograms(Segmenter net, Normalize normalize) {
        this.net = net;
        this.normalize = normalize;
    }

    /// A training step.
    ///
    /// @param n images
    /// @param weight of the auxiliary head's loss
    Program whole(int n, int height, int width, Sgd sgd, double weight) {
        return Program.trace("segment-step", p -> {
            SegmentLoss loss = loss(p, n, height, width, weight, Mode.TRAIN);
            sgd.minimize(loss.total(), p.scalar(LEARNING_RATE));
        });
    }

    /// A part of a batch: adds up gradients.
    Program part(boolean first, int n, int height, int width, Sgd sgd, GradientSum sum, double weight) {
        return Program.trace(first ? "segment-first-part" : "segment-next-part", p -> {
            SegmentLoss loss = loss(p, n, height, width, weight, new Mode.Train(BatchGroups.WHOLE, first));
            List<Tensor> gradients = Gradients.of(loss.total(), sgd.parameters());
            if (first) {
                sum.set(gradients);
            } else {
                sum.add(gradients);
            }
        });
    }

    /// A part of a batch whose images lie on ranks, as far as this process has them. Batch norm takes the
    /// statistics of the whole part, gradients are apart for each rank. The losses that come out are `[ranks
    /// here]`.
    ///
    /// @param n images here   @param mode that names the ranks
    Program ranks(int n, int height, int width, Sgd sgd, RankSums sums, Mode.Train mode, double weight) {
        boolean first = mode.keepsStatistics();
        return Program.trace(first ? "segment-first-ranks" : "segment-next-ranks", p -> {
            SegmentLoss loss = loss(p, n, height, width, weight, mode);
            int here = mode.groups().count();
            sums.take(first, Gradients.ofParts(loss.total().sum(), sgd.parameters(), here));
        });
    }

    /// Takes the optimiser's step along the mean of the parts' gradients.
    Program finish(int parts, GradientSum sum) {
        return Program.trace("segment-finish", p -> sum.update(parts, p.scalar(LEARNING_RATE)));
    }

    private SegmentLoss loss(Trace p, int n, int height, int width, double weight, Mode mode) {
        Tensor images = images(p, n, height, width);
        Tensor labels = p.input(LABELS, Shape.of(n, height, width), DType.U8);
        SegmentLoss loss = SegmentLoss.of(net, images, labels, mode, weight);
        net.draws().advance();
        p.output(LOSS, loss.total());
        p.output(DECODE_LOSS, loss.decode());
        p.output(AUXILIARY_LOSS, loss.auxiliary());
        return loss;
    }

    private Tensor images(Trace p, int n, int height, int width) {
        Tensor images = p.input(IMAGES, Shape.of(n, height, width, 3), DType.U8);
        return normalized(images).zeroOutside(p.input(EXTENTS, Shape.of(n, 2), DType.I32));
    }

    private Tensor normalized(Tensor bytes) {
        return bytes.normalizeImage(floats(normalize.mean()), floats(normalize.std()));
    }

    /// The scores of one image or window, `scores` `[1, height, width, classes]`.
    Program scores(int height, int width) {
        return Program.trace("segment-scores", p -> p.output(SCORES, net.scores(image(p, height, width))));
    }

    /// The classes of one image, `classes` `[toHeight·toWidth]` I32: its scores at the size at which it went in,
    /// then at another one, then the best.
    Program classes(int height, int width, int toHeight, int toWidth) {
        return Program.trace(
                "segment-classes",
                p -> p.output(CLASSES, best(net.scores(image(p, height, width)), toHeight, toWidth)));
    }

    /// The same from `scores` that are fed, `[1, height, width, classes]`, and `counts`, `[1, height, width, 1]`,
    /// by which they are divided.
    Program fromScores(int height, int width, int toHeight, int toWidth) {
        return Program.trace("segment-choose", p -> {
            int classes = net.options().classes();
            Tensor sums = p.input(SCORES, Shape.of(1, height, width, classes));
            Tensor counts = p.input(COUNTS, Shape.of(1, height, width, 1));
            p.output(CLASSES, best(sums.divide(counts), toHeight, toWidth));
        });
    }

    private Tensor image(Trace p, int height, int width) {
        return normalized(p.input(IMAGES, Shape.of(1, height, width, 3), DType.U8));
    }

    private Tensor best(Tensor scores, int toHeight, int toWidth) {
        return net.enlarge(scores, toHeight, toWidth).argMax(3).reshape(-1);
    }

    private static float[] floats(List<Double> values) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i).floatValue();
        }
        return floats;
    }
}
