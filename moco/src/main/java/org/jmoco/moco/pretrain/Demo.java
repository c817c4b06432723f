package org.jmoco.moco.pretrain;

import java.nio.file.Path;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.knn.KnnClassifier;
import org.jmoco.eval.knn.Vote;
import org.jmoco.moco.algorithm.Moco;
import org.jmoco.moco.config.ConfigException;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.nn.weights.BundledEncoder;

/// Whether pre-training without labels teaches an encoder anything: the same nearest-neighbour classifier on raw
/// pixels, on the features of the untrained encoder, on those of the trained one, and on those of the encoder that
/// comes
/// with jmoco, which was trained longer.
public final class Demo {
    private Demo() {}

    /// Accuracies in percent.
    ///
    /// @param raw       on normalised pixels
    /// @param untrained on the encoder as the run began
    /// @param run       the training; its `knn` is the trained encoder's
    /// @param bundled   on the encoder that comes with jmoco
    public record Result(double raw, double untrained, PretrainResult run, double bundled) {}

    /// Measures, trains, measures.
    ///
    /// @throws ConfigException if the configuration's monitor is off
    public static Result run(MocoConfig config, PretrainOptions options) {
        options.device().use();
        RunData data = RunData.open(config);
        RunData.Labelled labelled = data.labelled()
                .orElseThrow(() -> new ConfigException("the demo compares by kNN: knn.every must be at least 1"));
        RawPixels bank = RawPixels.of(labelled.bank(), labelled.plain());
        RawPixels queries = RawPixels.of(labelled.queries(), labelled.plain());
        Vote vote = new Vote(
                Math.min(config.knn().k(), bank.labels().length), config.knn().temperature());
        double raw;
        try (KnnClassifier pixels = new KnnClassifier(options.device(), bank.values(), bank.labels())) {
            raw = pixels.accuracy(queries.values(), queries.labels(), vote);
        }
        Moco start = new Moco(config, data.batches().pixels());
        options.begin(start);
        double untrained =
                new KnnMonitor(options.device(), Encoder.of(start.query(), "untrained"), labelled, config).percent();
        PretrainResult run = Pretraining.run(config, options);
        Encoder longer = Encoder.read(Path.of(BundledEncoder.NAME));
        double bundled = new KnnMonitor(options.device(), longer, labelled, config).percent();
        return new Result(raw, untrained, run, bundled);
    }
}
