package org.jmoco.eval.segment;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.optim.TrainedState;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.random.Philox;

/// How long a training of a segmenter or a detector and its test take, from a short trial.
///
/// @param step    seconds a step, the median, once the kernels are compiled, loading included
/// @param warmUp  seconds that the first steps take longer than that, together
/// @param image   seconds a test image as large as the frame has it
public record SegmentTime(double step, double warmUp, double image) {
    private static final double NANOS = 1e9;
    private static final int LEAST = 2;

    /// How much is tried. After `seconds` each part ends, as soon as it has two steps.
    ///
    /// @param warmUp steps that the compiler gets   @param steps that are measured   @param seconds for either
    public record Trial(int warmUp, int steps, double seconds) {}

    /// Tries some steps and two test images.
    ///
    /// @param images training images; without them the crops are noise, and what loading takes is left out
    public static SegmentTime measure(SegmentOutline what, Optional<ImageSource> images, Device device, Trial trial) {
        SegmentConfig config = what.config();
        Segmenter net = new Segmenter(what.encoder(), config.model().options(what.classes()), config.seed());
        try (TrainedState<Segmenter> state = SegmentTraining.state(net, config.recipe())) {
            return images.map(source -> onImages(what, state, source, device, trial))
                    .orElseGet(() -> onNoise(what, state, device, trial));
        }
    }

    private static SegmentTime onImages(
            SegmentOutline what, TrainedState<Segmenter> state, ImageSource source, Device device, Trial trial) {
        SegmentConfig config = what.config();
        try (CropBatches batches = new CropBatches(
                source,
                config.crops().pipeline(),
                config.recipe().batch(),
                place -> true,
                config.seed(),
                0,
                config.data().threads())) {
            return measure(what, state, batches::next, device, trial);
        }
    }

    private static SegmentTime onNoise(SegmentOutline what, TrainedState<Segmenter> state, Device device, Trial trial) {
        int batch = what.config().recipe().batch();
        int side = what.config().crops().side();
        byte[] labels = new byte[Math.multiplyExact(batch, side * side)];
        Philox draws = new Philox(what.config().seed(), 0, 0, 0);
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (byte) draws.below(what.classes());
        }
        int[] extents = new int[2 * batch];
        Arrays.fill(extents, side);
        CropBatches.Batch noise = new CropBatches.Batch(noise(3 * labels.length, draws), extents, labels);
        return measure(what, state, () -> noise, device, trial);
    }

    private static byte[] noise(int length, Philox draws) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) draws.below(256);
        }
        return bytes;
    }

    private static SegmentTime measure(
            SegmentOutline what,
            TrainedState<Segmenter> state,
            Supplier<CropBatches.Batch> batches,
            Device device,
            Trial trial) {
        SegmentConfig config = what.config();
        SegmentConfig.Recipe recipe = config.recipe();
        int side = config.crops().side();
        SegmentStep.Batch size =
                new SegmentStep.Batch(recipe.batch(), recipe.imagesAtOnce(), side, side, recipe.ranks());
        double[] first;
        double[] then;
        try (SegmentStep step = new SegmentStep(
                state.net(),
                Normalize.IMAGENET,
                state.sgd(),
                size,
                config.model().auxiliaryWeight(),
                device)) {
            Runnable one = () -> {
                CropBatches.Batch batch = batches.get();
                step.run(batch.images(), batch.extents(), batch.labels(), (float) recipe.minLr());
            };
            first = tried(one, trial.warmUp(), trial.seconds());
            then = tried(one, trial.steps(), trial.seconds());
        }
        Arrays.sort(then);
        double median = then[then.length / 2];
        double warm = Arrays.stream(first).sum() - first.length * median;
        return new SegmentTime(median, Math.max(0, warm), image(what, state.net(), device));
    }

    /// Seconds of each of some steps.
    ///
    /// @param most    steps   @param seconds after which no further one begins, once there are two
    public static double[] tried(Runnable step, int most, double seconds) {
        double[] taken = new double[most];
        long begin = System.nanoTime();
        for (int i = 0; i < most; i++) {
            long start = System.nanoTime();
            if (i >= LEAST && (start - begin) / NANOS > seconds) {
                return Arrays.copyOf(taken, i);
            }
            step.run();
            taken[i] = (System.nanoTime() - start) / NANOS;
        }
        return taken;
    }

    /// The second of two: the first one compiles.
    private static double image(SegmentOutline what, Segmenter net, Device device) {
        SegmentConfig.Test test = what.config().test();
        int height = test.shortSide();
        int width = what.testWidth();
        byte[] picture = noise(3 * height * width, new Philox(0, 0, 0, 1));
        try (SegmentPredictor predictor = new SegmentPredictor(net, Normalize.IMAGENET, test.testing(), device)) {
            predictor.classes(picture, height, width, height, width);
            long start = System.nanoTime();
            predictor.classes(picture, height, width, height, width);
            return (System.nanoTime() - start) / NANOS;
        }
    }

    /// Seconds of a whole run.
    ///
    /// @param tests test images
    public double total(long steps, int tests) {
        return warmUp + steps * step + tests * image;
    }
}
