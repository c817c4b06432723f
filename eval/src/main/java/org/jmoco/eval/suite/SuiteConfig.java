package org.jmoco.eval.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jmoco.eval.linear.LinearConfig;
import org.jmoco.eval.linear.Recipe;
import org.jmoco.eval.lowshot.LowShotProtocol;
import org.jmoco.eval.semi.SemiConfig;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.nn.data.augment.Preset;
import org.jmoco.nn.data.augment.RandomHorizontalFlip;
import org.jmoco.nn.data.augment.RandomResizedCrop;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.data.source.Kind;

/// All classification benchmarks on one small data set.
///
/// @param name       of the suite, which results carry
/// @param seeds      how often everything is measured: with classifiers, draws and subsets of their own each time,
///     and with another untrained encoder
/// @param views      `test` of all features and test images, `train` of fine-tuning
/// @param knn        nearest neighbours on pooled features
/// @param svm        support vector machines on pooled features, all labels and few of them
/// @param multiHead  classifiers on feature1 … feature5
/// @param avgpool    a classifier on pooled features
/// @param onePercent fine-tuning with 1 % of the labels   @param tenPercent with 10 %
public record SuiteConfig(
        String name,
        int seeds,
        DataSpec data,
        LinearConfig.Views views,
        Knn knn,
        Svm svm,
        Recipe multiHead,
        Recipe avgpool,
        Labels onePercent,
        Labels tenPercent) {

    /// @param k neighbours, at most as many as there are training images   @param temperature of the vote
    public record Knn(int k, double temperature) {}

    /// @param images how many training images at most, the same number of each class: about as many as VOC07's
    /// @param shots  images a class of the low-shot benchmark   @param draws for each of them
    public record Svm(int images, List<Integer> shots, int draws) {
        public Svm {
            shots = List.copyOf(shots);
        }
    }

    /// @param fraction of each class
    /// @param recipe of the fine-tuning
    /// @param grid its learning rates; the best cell counts
    public record Labels(double fraction, SemiConfig.Tuning recipe, SemiConfig.Grid grid) {}

    public SuiteConfig {
        if (seeds < 1) {
            throw new IllegalArgumentException("seeds must be at least 1, got " + seeds);
        }
    }

    /// CIFAR-10, 32×32 pixels: recipes and grid of the published benchmarks, shortened where the data set is smaller.
    public static SuiteConfig cifar10() {
        List<Integer> quarters = List.of(12, 16);
        SemiConfig.Grid grid = new SemiConfig.Grid(List.of(1e-3, 1e-2, 1e-1), List.of(1.0, 10.0, 100.0));
        Pipeline crops =
                new Pipeline(List.of(new RandomResizedCrop(32), new RandomHorizontalFlip(0.5)), Normalize.CIFAR);
        return new SuiteConfig(
                "cifar10",
                3,
                DataSpec.DEFAULT.withPath("data/cifar10").withKind(Kind.CIFAR10).withClasses(10),
                new LinearConfig.Views(crops, Preset.CIFAR_TEST.pipeline()),
                new Knn(200, 0.1),
                new Svm(5_000, LowShotProtocol.SHOTS, LowShotProtocol.SAMPLES),
                new Recipe(256, 1, 0.01, 0.9, true, 1e-4, 30, List.of(10, 20), 0.1, 30, Recipe.Report.LAST),
                new Recipe(256, 1, 30, 0.9, false, 0, 100, List.of(60, 80), 0.1, 100, Recipe.Report.LAST),
                new Labels(0.01, new SemiConfig.Tuning(32, 1, 0.9, 5e-4, 20, quarters, 0.2, 20), grid),
                new Labels(0.1, new SemiConfig.Tuning(32, 1, 0.9, 1e-4, 20, quarters, 0.2, 20), grid));
    }

    /// The same with other images.
    public SuiteConfig withData(DataSpec other) {
        return new SuiteConfig(name, seeds, other, views, knn, svm, multiHead, avgpool, onePercent, tenPercent);
    }

    /// The same with another number of seeds.
    public SuiteConfig withSeeds(int count) {
        return new SuiteConfig(name, count, data, views, knn, svm, multiHead, avgpool, onePercent, tenPercent);
    }

    /// The benchmarks' names in the order of the table.
    public List<String> benchmarks() {
        List<String> names = new ArrayList<>(List.of("kNN top-1", "SVM mAP"));
        svm.shots().forEach(k -> names.add("low-shot mAP k=" + k));
        IntStream.rangeClosed(1, 5).forEach(i -> names.add("linear top-1 feature" + i));
        names.add("linear top-1 avgpool");
        names.add("semi 1 % top-1");
        names.add("semi 10 % top-1");
        return List.copyOf(names);
    }
}
