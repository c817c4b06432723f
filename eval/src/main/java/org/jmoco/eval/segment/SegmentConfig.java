package org.jmoco.eval.segment;

import java.util.Optional;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.nn.Arch;
import org.jmoco.nn.Stem;
import org.jmoco.nn.data.dense.CropByClass;
import org.jmoco.nn.data.dense.PhotometricDistortion;
import org.jmoco.nn.data.dense.RatioResize;
import org.jmoco.nn.data.dense.SegmentationCrops;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.optim.Schedule;
import org.jmoco.nn.optim.Sgd;

/// A segmentation benchmark: one YAML file.
///
/// @param name    in the model zoo
/// @param seed    of the heads' weights, the order of images, crops, dropout, and the interval of the result
/// @param data    images and label maps
/// @param encoder what network the weights must be of
/// @param model   what is built on it
/// @param crops   what it is trained on
/// @param test    how images are seen when it is measured
/// @param recipe  how it is trained
public record SegmentConfig(
        String name,
        long seed,
        DataSpec data,
        Encoder.Wanted encoder,
        Model model,
        Crops crops,
        Test test,
        Recipe recipe) {

    /// See [Segmenter.Options]; the number of classes follows from the data.
    ///
    /// @param auxiliaryWeight of the auxiliary head's loss, at least 0
    public record Model(int outputStride, boolean corners, double dropout, double auxiliaryWeight) {
        public Model {
            require(auxiliaryWeight >= 0, "model.auxiliary-weight must not be negative, got " + auxiliaryWeight);
            require(dropout >= 0 && dropout < 1, "model.dropout must be a probability below 1, got " + dropout);
        }

        /// What is built for so many classes.
        public Segmenter.Options options(int classes) {
            return new Segmenter.Options(outputStride, classes, corners, dropout);
        }
    }

    /// Crops by [SegmentationCrops]: images are resized into a frame times a factor, then cut.
    ///
    /// @param longSide,shortSide of the frame, in pixels
    /// @param low,high factors
    /// @param side of the square crop, in pixels   @param largestShare of one class in it
    /// @param flip probability   @param photometric whether colours are distorted
    public record Crops(
            int longSide,
            int shortSide,
            double low,
            double high,
            int side,
            double largestShare,
            double flip,
            boolean photometric) {
        public Crops {
            of(longSide, shortSide, low, high, side, largestShare, flip, photometric);
        }

        SegmentationCrops pipeline() {
            return of(longSide, shortSide, low, high, side, largestShare, flip, photometric);
        }

        private static SegmentationCrops of(
                int longSide,
                int shortSide,
                double low,
                double high,
                int side,
                double share,
                double flip,
                boolean photometric) {
            return new SegmentationCrops(
                    new RatioResize(longSide, shortSide, low, high),
                    new CropByClass(side, side, share),
                    flip,
                    photometric ? Optional.of(PhotometricDistortion.STANDARD) : Optional.empty());
        }
    }

    /// How an image is seen: resized into a frame, then as a whole or through windows.
    ///
    /// @param longSide,shortSide of the frame, in pixels
    /// @param crop,stride of windows, see [SegmentPredictor.Testing]; without meaning for whole images
    public record Test(int longSide, int shortSide, SegmentPredictor.Testing.Mode mode, int crop, int stride) {
        public Test {
            new RatioResize(longSide, shortSide, 1, 1);
            new SegmentPredictor.Testing(mode, crop, stride);
        }

        SegmentPredictor.Testing testing() {
            return new SegmentPredictor.Testing(mode, crop, stride);
        }

        RatioResize frame() {
            return RatioResize.exactly(longSide, shortSide);
        }
    }

    /// SGD along the schedule `(lr − minLr)·(1 − i/iterations)^power + minLr`, weight decay on every parameter.
    ///
    /// @param batch        images a step
    /// @param imagesAtOnce of them that are computed at once and share batch norm's statistics; divides `batch`.
    ///     Fewer need less memory, and are another protocol
    /// @param iterations   steps in all
    /// @param ranks        that the images at once lie on, as many on each. Batch norm's statistics are of all of
    ///     them; gradients are added rank by rank. As many processes may share a run out as divide it
    public record Recipe(
            int batch,
            int imagesAtOnce,
            long iterations,
            double lr,
            double minLr,
            double power,
            double momentum,
            double weightDecay,
            int ranks) {
        public Recipe {
            require(
                    ranks >= 1 && imagesAtOnce >= 1 && imagesAtOnce % ranks == 0,
                    "recipe.images-at-once must be a multiple of recipe.ranks, which have equally many of them; got "
                            + imagesAtOnce + " and " + ranks);
            require(
                    batch >= 1 && imagesAtOnce >= 1 && batch % imagesAtOnce == 0,
                    "recipe.batch must be a multiple of recipe.images-at-once, which share batch norm's statistics; got "
                            + batch + " and " + imagesAtOnce);
            require(iterations >= 1, "recipe.iterations must be at least 1, got " + iterations);
            require(
                    lr >= minLr && minLr >= 0,
                    "recipe.lr must be at least recipe.min-lr, and that at least 0; got " + lr + " and " + minLr);
            require(power > 0, "recipe.power must be above 0, got " + power);
            require(momentum >= 0 && momentum < 1, "recipe.momentum must be in [0, 1), got " + momentum);
            require(weightDecay >= 0, "recipe.weight-decay must not be negative, got " + weightDecay);
        }

        /// On one rank.
        public Recipe(
                int batch,
                int imagesAtOnce,
                long iterations,
                double lr,
                double minLr,
                double power,
                double momentum,
                double weightDecay) {
            this(batch, imagesAtOnce, iterations, lr, minLr, power, momentum, weightDecay, 1);
        }

        Schedule schedule() {
            return new Schedule.Poly(lr, iterations, power, minLr);
        }

        Sgd.Options options() {
            return new Sgd.Options((float) momentum, (float) weightDecay);
        }
    }

    /// MMSegmentation's FCN-D8 on PASCAL VOC 2012 with 512×512 pixels.
    public static SegmentConfig defaults() {
        return new SegmentConfig(
                "fcn_r50-d8_512x512_20k_voc12aug",
                0,
                DataSpec.DEFAULT,
                Encoder.Wanted.ANY,
                new Model(8, false, 0.1, 0.4),
                new Crops(2048, 512, 0.5, 2, 512, 0.75, 0.5, true),
                new Test(2048, 512, SegmentPredictor.Testing.Mode.WHOLE, 512, 512),
                new Recipe(16, 16, 20_000, 0.01, 1e-4, 0.9, 0.9, 5e-4));
    }

    /// FCN on scenes, for encoders with the stem for small images: minutes on two cores.
    public static SegmentConfig scenes() {
        return new SegmentConfig(
                "fcn_r18w16-d4_scenes",
                0,
                DataSpec.DEFAULT.at("data/scenes"),
                new Encoder.Wanted(Optional.of(Arch.RESNET18), Optional.of(Stem.CIFAR), Optional.of(16)),
                new Model(4, false, 0.1, 0.4),
                new Crops(96, 96, 0.75, 1.5, 64, 0.75, 0.5, false),
                new Test(96, 96, SegmentPredictor.Testing.Mode.WHOLE, 512, 512),
                new Recipe(16, 16, 540, 0.1, 1e-4, 0.9, 0.9, 5e-4));
    }

    /// The same on other images.
    public SegmentConfig withData(DataSpec other) {
        return new SegmentConfig(name, seed, other, encoder, model, crops, test, recipe);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
