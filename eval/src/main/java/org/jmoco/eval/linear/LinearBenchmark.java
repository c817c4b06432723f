package org.jmoco.eval.linear;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.extract.FeatureFolder;
import org.jmoco.eval.extract.Tap;
import org.jmoco.eval.result.Published;
import org.jmoco.nn.data.loader.LoaderOptions;
import org.jmoco.nn.data.source.Classified;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.train.Run;
import org.jmoco.nn.train.Saving;
import org.jmoco.tensor.Device;

/// A linear evaluation of images: opens the data and chooses between features computed anew in every epoch and stored
/// ones; [HeadsOnFeatures] trains on them and reports.
public final class LinearBenchmark {
    private static final int PREFETCH = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    /// No image is passed over for being slow: which one is would depend on the machine.
    private static final Duration WITHOUT_END = Duration.ofDays(365);

    private static final List<PublishedOn> PUBLISHED = List.of(
            new PublishedOn("resnet50_mhead_linear-8xb32-steplr-90e_in1k", "in1k-mhead-linear", 1_281_167, 50_000),
            new PublishedOn("resnet50_linear-8xb32-steplr-100e_in1k", "in1k-linear", 1_281_167, 50_000),
            new PublishedOn("resnet50_mhead_8xb32-steplr-28e_places205", "places205-mhead-linear", 2_448_873, 20_500));

    /// Which published numbers are about which configuration, and on how many images.
    private record PublishedOn(String config, String benchmark, int train, int test) {}

    private final LinearConfig config;
    private final Encoder encoder;
    private final Device device;
    private final Duration deadline;
    private final ImageSource train;
    private final ImageSource test;
    private final int classes;
    private final List<FeatureFolder> stored = new ArrayList<>();
    private Path cache;

    /// Opens the data; [#prepare] comes next.
    ///
    /// @param device        that trains
    /// @param deterministic whether nothing may depend on time
    /// @throws org.jmoco.nn.data.DataException if data cannot be opened or its labels do not fit, naming what
    public LinearBenchmark(LinearConfig config, Encoder encoder, Device device, boolean deterministic) {
        this.config = config;
        this.encoder = encoder;
        this.device = device;
        deadline = deterministic ? WITHOUT_END : PATIENCE;
        Classified data = config.data().classified();
        train = data.train();
        test = data.test();
        classes = data.classes();
    }

    /// Chooses where features come from; if they are stored, first computes those that are missing.
    ///
    /// @param run    that all of it belongs to
    /// @param folder where stored features are kept
    /// @param saving when the state of the training is saved
    /// @param told   about the computation of features
    /// @throws org.jmoco.nn.train.StoppedException if someone wants the run to stop; what is done is kept
    public HeadsOnFeatures prepare(Run run, Path folder, Saving saving, FeatureFolder.Listener told) {
        cache = folder;
        FeatureFolder.Listener listener = told.thenEnding(run);
        List<Tap> taps = config.pooledTaps();
        int batch = config.recipe().batch();
        FeatureInput trainInput;
        FeatureInput testInput;
        LoaderOptions once = options(1, false, LoaderOptions.OnUnreadable.DROP);
        if (config.stores()) {
            FeatureCache kept = new FeatureCache(device, folder, encoder, taps, once);
            stored.add(kept.features("train", train, config.views().train(), listener));
            stored.add(kept.features("test", test, config.views().test(), listener));
            trainInput =
                    kept.training(stored.getFirst(), train, config.views().train(), config.recipe(), config.seed());
            testInput = kept.testing(stored.getLast(), test, config.views().test(), batch);
        } else {
            trainInput = new LiveFeatures(
                    encoder,
                    taps,
                    train,
                    config.views().train(),
                    options(config.recipe().epochs(), true, LoaderOptions.OnUnreadable.REPLACE)
                            .withRanks(config.recipe().ranks()));
            testInput = new LiveFeatures(encoder, taps, test, config.views().test(), once);
        }
        return new HeadsOnFeatures(
                config, new HeadsOnFeatures.Data(trainInput, testInput, train.classes(), classes), run, device, saving);
    }

    private LoaderOptions options(int epochs, boolean shuffle, LoaderOptions.OnUnreadable unreadable) {
        return config.data()
                .loading(new LoaderOptions(
                        config.recipe().batch(),
                        epochs,
                        shuffle,
                        false,
                        config.seed(),
                        unreadable,
                        1,
                        PREFETCH,
                        deadline));
    }

    public int classes() {
        return classes;
    }

    /// Training images.
    public ImageSource train() {
        return train;
    }

    /// Test images.
    public ImageSource test() {
        return test;
    }

    /// The numbers of others, if this is their data set in full.
    public List<Published> published() {
        return PUBLISHED.stream()
                .filter(p -> p.config.equals(config.name()) && p.train == train.size() && p.test == test.size())
                .flatMap(p -> Published.of(p.benchmark).stream())
                .toList();
    }

    /// Deletes stored features and their folder; nothing can be run afterwards.
    public void deleteStored() {
        stored.forEach(FeatureFolder::delete);
        try {
            Files.deleteIfExists(cache);
        } catch (IOException e) {
            throw new UncheckedIOException(cache + " cannot be deleted: " + e.getMessage(), e);
        }
    }
}
