package org.jmoco.eval.suite;

import java.nio.file.Files;
import java.util.List;
import org.jmoco.eval.segment.SegmentConfig;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.source.DataSpec;

/// All benchmarks on scenes, which `jmoco data scenes` makes.
///
/// @param name         of the suite, which results carry
/// @param seeds        how often everything is measured: with heads, orders, crops and dropout of their own each
///     time, and with another untrained encoder
/// @param data         the scenes
/// @param segmentation by an FCN
public record SceneSuiteConfig(String name, int seeds, DataSpec data, Segmentation segmentation) {

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

    public SceneSuiteConfig {
        if (seeds < 1) {
            throw new IllegalArgumentException("seeds must be at least 1, got " + seeds);
        }
    }

    /// On the scenes that `jmoco data scenes` makes by default, for encoders with the stem for small images.
    public static SceneSuiteConfig standard() {
        return new SceneSuiteConfig(
                "scenes", 3, DataSpec.DEFAULT.at("data/scenes"), Segmentation.of(SegmentConfig.scenes()));
    }

    /// The same with other images.
    public SceneSuiteConfig withData(DataSpec other) {
        return new SceneSuiteConfig(name, seeds, other, segmentation);
    }

    /// The same with another number of seeds.
    public SceneSuiteConfig withSeeds(int count) {
        return new SceneSuiteConfig(name, count, data, segmentation);
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
        return List.of(new SceneSegmentation(segmentation, data));
    }
}
