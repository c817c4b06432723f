package org.jmoco.eval.detect;

import java.util.Arrays;
import java.util.Optional;
import org.jmoco.eval.segment.SegmentTime;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.optim.Sgd;
import org.jmoco.tensor.Device;

/// How long a training of a detector and its test take, from a short trial.
public final class DetectTime {
    private static final double NANOS = 1e9;

    private DetectTime() {}

    /// Tries some steps and two test images. Images of several sizes take different times, so a step takes the
    /// mean of those tried.
    ///
    /// @param images training images as [DetectData] has them; without them noise, as large as the recipe can
    ///     make it, and what decoding takes is left out
    public static SegmentTime measure(
            DetectOutline what, Optional<ImageSource> images, Device device, SegmentTime.Trial trial) {
        DetectConfig config = what.config();
        ImageSource source = images.orElseGet(() -> new NoiseObjects(
                config.views().longSide(),
                config.views().shortSides().stream().mapToInt(s -> s).max().orElseThrow(),
                what.classes()));
        Detector net = Detector.of(what.encoder(), config, what.classes());
        net.initialize(config.seed());
        Sgd sgd = net.sgd();
        double[] first;
        double[] then;
        try (DetectBatches batches = new DetectBatches(
                        source, config, what.encoder().stem(), 0, config.data().threads());
                DetectStep step = new DetectStep(
                        net,
                        Normalize.IMAGENET,
                        sgd,
                        (image, object, boxes, box, cells) ->
                                image.masks().get(object).in(boxes, box, cells),
                        device)) {
            int[] done = {0};
            Runnable one = () -> step.run(batches.next(), done[0]++, 0);
            first = SegmentTime.tried(one, trial.warmUp(), trial.seconds());
            then = SegmentTime.tried(one, trial.steps(), trial.seconds());
        }
        double mean = Arrays.stream(then).average().orElseThrow();
        double warm = Arrays.stream(first).sum() - first.length * mean;
        return new SegmentTime(mean, Math.max(0, warm), image(what, net, device));
    }

    /// The second of two: the first one compiles.
    private static double image(DetectOutline what, Detector net, Device device) {
        DetectConfig.Test test = what.config().test();
        RgbImage picture = new NoiseObjects(test.longSide(), test.shortSide(), what.classes()).load(0);
        try (DetectPredictor predictor = new DetectPredictor(net, Normalize.IMAGENET, device)) {
            long begun = 0;
            for (int times = 0; times < 2; times++) {
                begun = System.nanoTime();
                predictor.detect(picture);
            }
            return (System.nanoTime() - begun) / NANOS;
        }
    }

    /// Steps that take time: those that learn, and the forward passes of precise batch norm, which take less.
    public static long steps(DetectConfig config) {
        DetectConfig.Recipe recipe = config.recipe();
        return recipe.iterations() + (config.flavour().endsWithPreciseBatchNorm() ? recipe.preciseBatchNorm() : 0);
    }
}
