package org.jmoco.eval.suite;

import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import org.jmoco.eval.detect.DetectConfig;
import org.jmoco.eval.detect.Flavour;
import org.jmoco.eval.detect.SceneDetectors;
import org.jmoco.eval.segment.SegmentConfig;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.source.DataSpec;

/// All benchmarks on scenes, which `jmoco data scenes` makes.
///
/// @param name         of the suite, which results carry
/// @param seeds        how often everything is measured: with heads, orders, crops and dropout of their own each
///     time, and with another untrained encoder
/// @param tasks        which benchmarks are measured, in the order of the table
/// @param data         the scenes
/// @param segmentation by an FCN
/// @param detection    of boxes, by Faster R-CNN C4
/// @param instances    of boxes and masks, by Mask R-CNN on a feature pyramid
public record SceneSuiteConfig(
        String name,
        int seeds,
        List<Task> tasks,
        DataSpec data,
        Segmentation segmentation,
        Detection detection,
        Detection instances) {

    /// A benchmark.
    public enum Task {
        SEGMENTATION,
        DETECTION,
        INSTANCES;

        /// As its folder is called.
        public String title() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// The parts of a [SegmentConfig] that do not name an encoder, a seed or images.
    public record Segmentation(
            SegmentConfig.Model model,
            SegmentConfig.Crops crops,
            SegmentConfig.Test test,
            SegmentConfig.Recipe recipe) {
        static Segmentation of(SegmentConfig config) {
            return new Segmentation(config.model(), config.crops(), config.test(), config.recipe());
        }
    }

    /// The parts of a [DetectConfig] that do not name an encoder, a seed or images.
    public record Detection(
            Flavour flavour,
            DetectConfig.Model model,
            DetectConfig.Rpn rpn,
            DetectConfig.Regions regions,
            DetectConfig.Views views,
            DetectConfig.Test test,
            DetectConfig.Recipe recipe) {
        static Detection of(DetectConfig config) {
            return new Detection(
                    config.flavour(),
                    config.model(),
                    config.rpn(),
                    config.regions(),
                    config.views(),
                    config.test(),
                    config.recipe());
        }
    }

    /// @throws IllegalArgumentException if there is no seed, no task, or one of them twice
    public SceneSuiteConfig {
        tasks = List.copyOf(tasks);
        if (seeds < 1) {
            throw new IllegalArgumentException("seeds must be at least 1, got " + seeds);
        }
        if (tasks.isEmpty() || tasks.stream().distinct().count() < tasks.size()) {
            throw new IllegalArgumentException("tasks must name at least one benchmark, each once, got " + tasks);
        }
    }

    /// On the scenes that `jmoco data scenes` makes by default, for encoders with the stem for small images.
    public static SceneSuiteConfig standard() {
        return new SceneSuiteConfig(
                "scenes",
                3,
                List.of(Task.values()),
                DataSpec.DEFAULT.at("data/scenes"),
                Segmentation.of(SegmentConfig.scenes()),
                Detection.of(SceneDetectors.c4()),
                Detection.of(SceneDetectors.fpn()));
    }

    /// The same with other images.
    public SceneSuiteConfig withData(DataSpec other) {
        return new SceneSuiteConfig(name, seeds, tasks, other, segmentation, detection, instances);
    }

    /// The same with another number of seeds.
    public SceneSuiteConfig withSeeds(int count) {
        return new SceneSuiteConfig(name, count, tasks, data, segmentation, detection, instances);
    }

    /// Its benchmarks in the order of the table, each with its images open.
    ///
    /// @throws DataException if scenes are missing or incomplete
    public List<SceneBenchmark> open() {
        if (data.path().isEmpty() || !Files.isDirectory(data.root())) {
            String folder = data.path().orElse("data/scenes");
            throw new DataException(
                    folder + ": no such folder of scenes; jmoco data scenes --out " + folder + " makes one");
        }
        return tasks.stream().map(this::open).toList();
    }

    private SceneBenchmark open(Task task) {
        return switch (task) {
            case SEGMENTATION -> new SceneSegmentation(segmentation, data);
            case DETECTION -> new SceneDetection(task.title(), detection, data);
            case INSTANCES -> new SceneDetection(task.title(), instances, data);
        };
    }
}
