package org.jmoco.eval.detect;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jmoco.eval.boxes.AnchorLevels;
import org.jmoco.eval.boxes.Anchors;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.nn.Stem;
import org.jmoco.nn.data.dense.ObjectViews;
import org.jmoco.nn.data.dense.ResizeShortest;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.optim.Schedule;
import org.jmoco.nn.optim.Sgd;

/// A detection benchmark: one YAML file.
///
/// @param name    in the model zoo
/// @param seed    of the heads' weights, the order of images, views, what is sampled, and the interval of the
///     result
/// @param flavour whose rules hold where they differ
/// @param data    images and objects
/// @param encoder what network the weights must be of
/// @param model   what is built on it
/// @param rpn     how regions are proposed
/// @param regions what is learnt of them
/// @param views   how images are seen in training
/// @param test    how images are seen, and what is reported, when it is measured
/// @param recipe  how it is trained
public record DetectConfig(
        String name,
        long seed,
        Flavour flavour,
        DataSpec data,
        Encoder.Wanted encoder,
        Model model,
        Rpn rpn,
        Regions regions,
        Views views,
        Test test,
        Recipe recipe) {

    /// Which network.
    public enum Detector {
        /// Proposals and regions from the map of the third stage; the fourth stage is the head.
        C4,
        /// Proposals and regions from a feature pyramid on the stages.
        FPN
    }

    /// The box head of a feature pyramid.
    public enum Head {
        /// Two fully connected layers.
        TWO_FC,
        /// Four convolutions and a fully connected layer.
        FOUR_CONV_ONE_FC
    }

    /// Which convolutions behind the encoder have batch norm and no bias.
    public enum Norms {
        /// None.
        NONE,
        /// Those of the pyramid, as detectron2's `FPN.NORM`.
        PYRAMID,
        /// Those of the pyramid and those of the heads of boxes and masks.
        ALL
    }

    /// What is built on an encoder. C4 has no choice: its head is the encoder's fourth stage.
    ///
    /// @param detector which network
    /// @param head     of boxes
    /// @param channels of the maps of pyramid, box head and mask head
    /// @param hidden   outputs of the fully connected layers
    /// @param norm     which convolutions of pyramid and heads have batch norm
    /// @param finest   the stage with whose map the pyramid begins, 1 to 4: 1 is the paper's
    /// @param masks    whether masks are found too
    /// @param epsilon  what batch norm adds to variances in the network whose weights are read, torchvision's
    ///     alone: 0 in the first that it published, 1e-5 in all others
    public record Model(
            Detector detector,
            Head head,
            int channels,
            int hidden,
            Norms norm,
            int finest,
            boolean masks,
            double epsilon) {
        private static final int STAGES = 4;
        static final double USUAL = 1e-5;

        /// With the usual epsilon.
        public Model(Detector detector, Head head, int channels, int hidden, Norms norm, int finest, boolean masks) {
            this(detector, head, channels, hidden, norm, finest, masks, USUAL);
        }

        public Model {
            require(
                    channels >= 1 && hidden >= 1,
                    "model.channels and model.hidden must be at least 1, got " + channels + " and " + hidden);
            require(finest >= 1 && finest <= STAGES, "model.finest must be 1 to " + STAGES + ", got " + finest);
            require(!masks || detector == Detector.FPN, "model.masks needs model.detector fpn, got c4");
            require(epsilon >= 0 && epsilon <= 1, "model.epsilon must be in [0, 1], got " + epsilon);
        }
    }

    /// How regions are proposed (Ren et al. 2015, "Faster R-CNN").
    ///
    /// @param sizes     square roots of the anchors' areas in pixels: of C4 all at every position, of FPN one a
    ///     level, one more than stages
    /// @param ratios    heights divided by widths
    /// @param low,high  overlap below which an anchor is background, and from which on it is an object
    /// @param samples   anchors an image that are learnt from
    /// @param positives share of these that are positive at most
    /// @param training,testing how many are proposed
    /// @param nms       overlap above which the better one of two proposals suppresses the other
    public record Rpn(
            List<Float> sizes,
            List<Float> ratios,
            double low,
            double high,
            int samples,
            double positives,
            Proposed training,
            Proposed testing,
            double nms) {
        public Rpn {
            sizes = List.copyOf(sizes);
            ratios = List.copyOf(ratios);
            require(
                    !sizes.isEmpty() && !ratios.isEmpty(),
                    "rpn.sizes and rpn.ratios must not be empty, got " + sizes + " and " + ratios);
            require(
                    low >= 0 && low <= high && high <= 1,
                    "rpn.low and rpn.high must be overlaps, 0 ≤ low ≤ high ≤ 1, got " + low + " and " + high);
            requireSamples("rpn", samples, positives);
            require(nms >= 0 && nms <= 1, "rpn.nms must be an overlap in [0, 1], got " + nms);
        }
    }

    /// How many regions are proposed.
    ///
    /// @param before a level, by score, before suppression   @param after an image
    public record Proposed(int before, int after) {
        public Proposed {
            require(
                    before >= 1 && after >= 1,
                    "rpn: the numbers of proposals must be at least 1, got " + before + " and " + after);
        }
    }

    /// What is learnt of regions.
    ///
    /// @param threshold overlap from which on a proposal is an object
    /// @param samples   proposals an image that are learnt from
    /// @param positives share of these that are positive at most; masks are learnt of so many
    /// @param size      cells a side into which a region is cut for the box head
    /// @param maskSize  the same for the mask head, whose masks are twice as fine
    /// @param finest    side of a region that just belongs to the finest level, in pixels
    public record Regions(double threshold, int samples, double positives, int size, int maskSize, double finest) {
        public Regions {
            require(threshold > 0 && threshold <= 1, "regions.threshold must be in (0, 1], got " + threshold);
            requireSamples("regions", samples, positives);
            require(
                    size >= 1 && maskSize >= 1,
                    "regions.size and regions.mask-size must be at least 1, got " + size + " and " + maskSize);
            require(finest > 0, "regions.finest must be above 0, got " + finest);
        }

        /// Proposals of an image that may be positive.
        public int mostPositives() {
            return (int) (positives * samples);
        }
    }

    /// How images are seen in training: resized to a random size that keeps the ratio of the sides, and flipped.
    ///
    /// @param shortSides of which one is drawn, in pixels   @param longSide at most, in pixels
    /// @param flip       probability
    /// @param group      images of a batch that are all wider than high or all not; divides what is computed at
    ///     once
    public record Views(List<Integer> shortSides, int longSide, double flip, int group) {
        public Views {
            shortSides = List.copyOf(shortSides);
            require(
                    !shortSides.isEmpty() && shortSides.stream().allMatch(s -> s >= 1 && s <= longSide),
                    "views.short-sides must be pixels up to views.long-side, got " + shortSides + " and " + longSide);
            require(flip >= 0 && flip <= 1, "views.flip must be a probability, got " + flip);
            require(group >= 1, "views.group must be at least 1, got " + group);
            pipeline(Flavour.DETECTRON2, shortSides, longSide, flip);
        }

        /// By the rules of a flavour.
        ObjectViews pipeline(Flavour flavour) {
            return pipeline(flavour, shortSides, longSide, flip);
        }

        private static ObjectViews pipeline(Flavour flavour, List<Integer> shortSides, int longSide, double flip) {
            return new ObjectViews(new ResizeShortest(shortSides, longSide, flavour.resize()), flip);
        }
    }

    /// How an image is seen in a test, and which detections are reported.
    ///
    /// @param shortSide,longSide in pixels
    /// @param score a detection must be above
    /// @param nms   overlap above which the better one of two detections of a class suppresses the other
    /// @param most  detections an image
    public record Test(int shortSide, int longSide, double score, double nms, int most) {
        public Test {
            require(
                    shortSide >= 1 && shortSide <= longSide,
                    "test.short-side must be pixels up to test.long-side, got " + shortSide + " and " + longSide);
            require(
                    score >= 0 && score < 1 && nms >= 0 && nms <= 1,
                    "test.score must be in [0, 1) and test.nms in [0, 1], got " + score + " and " + nms);
            require(most >= 1, "test.most must be at least 1, got " + most);
        }
    }

    /// SGD with a warm-up and steps.
    ///
    /// @param batch        images a step
    /// @param imagesAtOnce of them that are computed at once: they share batch norm's statistics and are padded
    ///     alike, and losses are means over them; divides `batch`. Fewer need less memory, and are another
    ///     protocol
    /// @param iterations   steps in all
    /// @param milestones   iterations at which the learning rate becomes a tenth
    /// @param warmUp       iterations in which it rises, from `warmUpRatio` of its value; 0 for none
    /// @param preciseBatchNorm forward passes over which batch norm's statistics are taken anew in the end, by
    ///     detectron2's rules
    public record Recipe(
            int batch,
            int imagesAtOnce,
            long iterations,
            double lr,
            List<Integer> milestones,
            long warmUp,
            double warmUpRatio,
            double momentum,
            double weightDecay,
            int preciseBatchNorm) {
        private static final double STEP = 0.1;

        public Recipe {
            milestones = List.copyOf(milestones);
            require(
                    batch >= 1 && imagesAtOnce >= 1 && batch % imagesAtOnce == 0,
                    "recipe.batch must be a multiple of recipe.images-at-once, which share batch norm's statistics; got "
                            + batch + " and " + imagesAtOnce);
            require(iterations >= 1, "recipe.iterations must be at least 1, got " + iterations);
            require(lr >= 0, "recipe.lr must not be negative, got " + lr);
            require(
                    warmUp >= 0 && warmUpRatio >= 0 && warmUpRatio <= 1,
                    "recipe.warm-up must not be negative and recipe.warm-up-ratio be in [0, 1], got " + warmUp + " and "
                            + warmUpRatio);
            require(momentum >= 0 && momentum < 1, "recipe.momentum must be in [0, 1), got " + momentum);
            require(weightDecay >= 0, "recipe.weight-decay must not be negative, got " + weightDecay);
            require(preciseBatchNorm >= 0, "recipe.precise-batch-norm must not be negative, got " + preciseBatchNorm);
        }

        /// Of the learning rate.
        public Schedule schedule() {
            Schedule steps = new Schedule.Steps(lr, STEP, Schedule.Unit.ITERATIONS, milestones);
            return warmUp == 0 ? steps : new Schedule.WarmUp(warmUp, warmUpRatio, steps);
        }

        /// Of parameters that weight decay pulls.
        public Sgd.Options options() {
            return new Sgd.Options((float) momentum, (float) weightDecay);
        }

        /// How many parts a batch has.
        public int parts() {
            return batch / imagesAtOnce;
        }
    }

    public DetectConfig {
        require(
                recipe.imagesAtOnce % views.group == 0,
                "recipe.images-at-once must be a multiple of views.group, got " + recipe.imagesAtOnce + " and "
                        + views.group);
        require(
                model.epsilon == Model.USUAL || flavour == Flavour.TORCHVISION,
                "model.epsilon is for weights of torchvision; with flavour "
                        + flavour.name().toLowerCase(Locale.ROOT) + " it is 1e-5, got " + model.epsilon);
        int levels = Model.STAGES - model.finest + 2;
        require(
                model.detector == Detector.C4 || rpn.sizes.size() == levels,
                "rpn.sizes must be " + levels + ", one a level of the pyramid and one more, got " + rpn.sizes);
    }

    /// The recipe of mmselfsup's row "VOC07+12" with mmdet: Faster R-CNN C4 on a ResNet-50.
    public static DetectConfig defaults() {
        return new DetectConfig(
                "faster_rcnn_r50_c4_mstrain_24k_voc0712",
                0,
                Flavour.MMDET,
                DataSpec.DEFAULT,
                Encoder.Wanted.ANY,
                new Model(Detector.C4, Head.FOUR_CONV_ONE_FC, 256, 1024, Norms.ALL, 1, false),
                new Rpn(
                        List.of(32f, 64f, 128f, 256f, 512f),
                        List.of(0.5f, 1f, 2f),
                        0.3,
                        0.7,
                        256,
                        0.5,
                        new Proposed(12_000, 2000),
                        new Proposed(6000, 1000),
                        0.7),
                new Regions(0.5, 512, 0.25, 14, 14, 56),
                new Views(List.of(480, 512, 544, 576, 608, 640, 672, 704, 736, 768, 800), 1333, 0.5, 2),
                new Test(800, 1333, 0.05, 0.5, 100),
                new Recipe(16, 16, 24_000, 0.02, List.of(18_000, 22_000), 100, 0.001, 0.9, 1e-4, 200));
    }

    /// The same on other images.
    public DetectConfig withData(DataSpec other) {
        return new DetectConfig(name, seed, flavour, other, encoder, model, rpn, regions, views, test, recipe);
    }

    /// The anchors of all maps behind an encoder's first layers.
    public AnchorLevels anchors(Stem stem) {
        if (model.detector == Detector.C4) {
            return levels(List.of(anchors(4 * stem.stride(), rpn.sizes)));
        }
        List<Anchors> levels = new ArrayList<>();
        for (float size : rpn.sizes) {
            int stride = stem.stride() << model.finest - 1 + levels.size();
            levels.add(anchors(stride, List.of(size)));
        }
        return levels(levels);
    }

    private Anchors anchors(int stride, List<Float> sizes) {
        return new Anchors(stride, sizes, rpn.ratios, flavour.anchorOrder(), flavour.roundsAnchors());
    }

    private AnchorLevels levels(List<Anchors> levels) {
        return new AnchorLevels(levels, flavour.fitsStrides());
    }

    private static void requireSamples(String where, int samples, double positives) {
        require(
                samples >= 1 && positives > 0 && positives <= 1,
                where + ".samples must be at least 1 and " + where + ".positives a share above 0, got " + samples
                        + " and " + positives);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
