package org.jmoco.eval.detect;

import java.util.List;
import org.jmoco.eval.segment.TrainingOutline;
import org.jmoco.nn.Module;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.optim.GradientSum;
import org.jmoco.nn.optim.Sgd;
import org.jmoco.tensor.Program;

/// A training of a detector to be planned, not run, on images as large as the recipe can make them: of the longest
/// shorter side, as long as they may be.
///
/// @param encoder depth, stem and width of what the weights are of   @param classes of the data
public record DetectOutline(DetectConfig config, ResNet.Config encoder, int classes) implements TrainingOutline {
    /// Two made ahead, and the one that is trained on.
    private static final int BATCHES = 3;

    /// @throws IllegalArgumentException if nothing is trained by the rules of the configuration
    public DetectOutline {
        config.flavour().requireTraining();
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
        return "views.short-sides";
    }

    /// The shorter side of the largest images, padded.
    public int height() {
        return padded(
                config.views().shortSides().stream().mapToInt(s -> s).max().orElseThrow());
    }

    /// The longer side of the largest images, padded.
    public int width() {
        return padded(config.views().longSide());
    }

    private int padded(int side) {
        int multiple = config.flavour().padding(config.model().detector());
        return Math.ceilDiv(side, multiple) * multiple;
    }

    @Override
    public List<Program> training(int n) {
        Detector net = net();
        Sgd sgd = net.sgd();
        DetectPrograms programs = new DetectPrograms(net, Normalize.IMAGENET);
        if (n == batch()) {
            return List.of(programs.whole(n, height(), width(), sgd));
        }
        GradientSum sum = new GradientSum(sgd);
        return List.of(
                programs.next(n, height(), width(), sgd, sum),
                programs.first(n, height(), width(), sgd, sum),
                programs.finish(Math.ceilDiv(batch(), n), sum));
    }

    @Override
    public List<Program> test() {
        DetectPrograms.Testing testing = new DetectPrograms(net(), Normalize.IMAGENET)
                .testing(padded(config.test().shortSide()), padded(config.test().longSide()));
        return testing.masks() == null
                ? List.of(testing.propose(), testing.boxes())
                : List.of(testing.propose(), testing.boxes(), testing.masks());
    }

    @Override
    public long prepared() {
        return (long) BATCHES * 3 * batch() * height() * width();
    }

    @Override
    public long encoderElements() {
        return elements(new ResNet(encoder));
    }

    /// Those of the network and its momenta.
    @Override
    public long elements() {
        Detector net = net();
        return elements(net) + net.parameterCount();
    }

    private static long elements(Module module) {
        return module.named().values().stream().mapToLong(v -> v.shape().size()).sum();
    }

    private Detector net() {
        return Detector.of(encoder, config, classes);
    }
}
