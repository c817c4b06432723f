package org.jmoco.eval.segment;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jmoco.nn.Mode;
import org.jmoco.nn.Module;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.optim.GradientSum;
import org.jmoco.nn.optim.Sgd;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.ops.norm.BatchGroups;
import org.jmoco.tensor.ops.norm.RankExchange;

/// A training of a segmenter to be planned, not run: its variables have no values, and so take no memory.
///
/// @param encoder depth, stem and width of what the weights are of
/// @param classes of the data, at least 2
/// @param processes that share it out
public record SegmentOutline(SegmentConfig config, ResNet.Config encoder, int classes, int processes)
        implements TrainingOutline {
    /// Two made ahead, the one that is trained on, and the one before.
    private static final int BATCHES = 4;
    /// Red, green, blue and the label.
    private static final int BYTES_OF_A_PIXEL = 4;

    /// Width by height of photographs.
    private static final double PHOTOGRAPH = 4.0 / 3;

    /// Processes that nobody has started.
    private record Planned(int processes, int number) implements RankExchange {
        static Mode.Train mode(int processes, int here, boolean keeps) {
            RankExchange ranks = processes == 1 ? RankExchange.HERE : new Planned(processes, 0);
            return new Mode.Train(BatchGroups.contiguous(here), keeps, Optional.of(ranks));
        }

        @Override
        public void gather(MemorySegment all, long bytes) {
            throw new IllegalStateException("the program is a plan, and not to be run");
        }
    }

    /// In one process.
    public SegmentOutline(SegmentConfig config, ResNet.Config encoder, int classes) {
        this(config, encoder, classes, 1);
    }

    @Override
    public int batch() {
        return config.recipe().batch();
    }

    @Override
    public int imagesAtOnce() {
        return config.recipe().imagesAtOnce();
    }

    @Override
    public String size() {
        return "crops.side";
    }

    @Override
    public long prepared() {
        int side = config.crops().side();
        return Math.max((long) BATCHES * BYTES_OF_A_PIXEL * batch() * side * side, scores());
    }

    @Override
    public List<Program> training(int n) {
        SegmentConfig.Recipe recipe = config.recipe();
        Segmenter net = net();
        Sgd sgd = new Sgd(recipe.options(), net.parameters());
        SegmentPrograms programs = programs(net);
        int side = config.crops().side();
        double weight = config.model().auxiliaryWeight();
        if (recipe.ranks() > 1 && n % recipe.ranks() == 0) {
            int here = recipe.ranks() / processes;
            RankSums sums = RankSums.of(sgd, processes, here);
            return List.of(
                    programs.ranks(n / processes, side, side, sgd, sums, Planned.mode(processes, here, false), weight),
                    programs.ranks(n / processes, side, side, sgd, sums, Planned.mode(processes, here, true), weight),
                    programs.finish(Math.ceilDiv(recipe.batch(), n) * recipe.ranks(), sums.whole()));
        }
        if (n == recipe.batch()) {
            return List.of(programs.whole(n, side, side, sgd, weight));
        }
        GradientSum sum = new GradientSum(sgd);
        return List.of(
                programs.part(false, n, side, side, sgd, sum, weight),
                programs.part(true, n, side, side, sgd, sum, weight),
                programs.finish(Math.ceilDiv(recipe.batch(), n), sum));
    }

    /// The programs of a test image, as large as the frame has it.
    @Override
    public List<Program> test() {
        SegmentPrograms programs = programs(net());
        SegmentConfig.Test test = config.test();
        int height = test.shortSide();
        int width = testWidth();
        return switch (test.mode()) {
            case WHOLE -> List.of(programs.classes(height, width, height, width));
            case SLIDE ->
                List.of(
                        programs.scores(Math.min(test.crop(), height), Math.min(test.crop(), width)),
                        programs.fromScores(height, width, height, width));
        };
    }

    /// Bytes on the heap in which the scores of windows are added up.
    private long scores() {
        return config.test().mode() == SegmentPredictor.Testing.Mode.WHOLE
                ? 0
                : (long) Float.BYTES * config.test().shortSide() * testWidth() * (classes + 1);
    }

    /// Images that go in as a whole are photographs; windows are for those that fill the frame.
    int testWidth() {
        SegmentConfig.Test test = config.test();
        return test.mode() == SegmentPredictor.Testing.Mode.SLIDE
                ? test.longSide()
                : Math.min(test.longSide(), (int) Math.ceil(PHOTOGRAPH * test.shortSide()));
    }

    @Override
    public long encoderElements() {
        return elements(net().backbone());
    }

    @Override
    public long elements() {
        return elements(net());
    }

    private static long elements(Module module) {
        return module.named().values().stream().mapToLong(v -> v.shape().size()).sum();
    }

    private Segmenter net() {
        return Segmenter.outline(encoder, config.model().options(classes));
    }

    private static SegmentPrograms programs(Segmenter net) {
        return new SegmentPrograms(net, Normalize.IMAGENET);
    }

    /// The largest number of images in `0 … most` that fits at once, if all smaller ones do.
    static int largest(int most, IntPredicate fits) {
        int fit = 0;
        int no = most + 1;
        while (no - fit > 1) {
            int middle = (fit + no) / 2;
            if (fits.test(middle)) {
                fit = middle;
            } else {
                no = middle;
            }
        }
        return fit;
    }

    /// The largest part of a batch that all parts can be as large as.
    ///
    /// @param most images that fit at once; 0 gives nothing
    static OptionalInt part(int batch, int most) {
        return IntStream.rangeClosed(1, Math.min(batch, most))
                .filter(n -> batch % n == 0)
                .max();
    }
}
