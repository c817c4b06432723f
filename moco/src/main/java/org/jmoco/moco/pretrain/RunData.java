package org.jmoco.moco.pretrain;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jmoco.moco.algorithm.ReplayViews;
import org.jmoco.moco.config.ConfigException;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Sources;
import org.jmoco.nn.data.source.Split;

/// The data that a configuration names.
///
/// @param batches what is trained on
/// @param labelled what the nearest-neighbour monitor needs; empty if it is off
public record RunData(BatchSource batches, Optional<Labelled> labelled) {

    /// Labelled images as they are seen in evaluation.
    ///
    /// @param bank    training images   @param queries test images   @param plain the test transform
    public record Labelled(ImageSource bank, ImageSource queries, Pipeline plain) {}

    /// Opens the data.
    ///
    /// @throws org.jmoco.nn.data.DataException if it is missing or broken, or smaller than a batch
    /// @throws ConfigException if the monitor is on and there is nothing for it to look at
    public static RunData open(MocoConfig config) {
        MocoConfig.Data data = config.data();
        boolean monitored = config.knn().every() > 0;
        if (data.kind() == MocoConfig.Data.Kind.VIEWS) {
            if (monitored) {
                throw new ConfigException(
                        "the kNN monitor needs labelled images, which ready-made views are not; set knn.every to 0");
            }
            return new RunData(new ReplayBatches(ReplayViews.read(data.location(), config)), Optional.empty());
        }
        Sources.Kind kind = Sources.Kind.valueOf(data.kind().name());
        Optional<Path> path = data.path().map(Path::of);
        ImageSource train =
                Sources.first(Sources.open(kind, path, data.list().map(Path::of), Split.TRAIN), data.limit());
        return new RunData(
                new ImageBatches(train, config),
                monitored ? Optional.of(labelled(config, kind, path, train)) : Optional.empty());
    }

    private static Labelled labelled(MocoConfig config, Sources.Kind kind, Optional<Path> path, ImageSource train) {
        if (config.data().list().isPresent()) {
            throw new ConfigException(
                    "the kNN monitor needs test images, which a data.list does not have; set knn.every to 0");
        }
        ImageSource test = Sources.open(kind, path, Optional.empty(), Split.TEST);
        requireClasses(train);
        requireClasses(test);
        if (config.knn().k() > train.size()) {
            throw new ConfigException("knn.k is " + config.knn().k() + ", but the data set has " + train.size()
                    + " training images; set a smaller knn.k, or knn.every to 0");
        }
        Pipeline training = config.pipeline();
        Pipeline plain = training.squareSide().isPresent()
                ? TestViews.of(
                        training.squareSide().getAsInt(), training.normalize(), train, kind != Sources.Kind.FOLDER)
                : new Pipeline(List.of(), training.normalize());
        return new Labelled(train, test, plain);
    }

    private static void requireClasses(ImageSource images) {
        if (images.label(0) == ImageSource.NO_LABEL) {
            throw new ConfigException("the kNN monitor needs images with classes, and " + images.name(0)
                    + " has none; set knn.every to 0");
        }
    }
}
