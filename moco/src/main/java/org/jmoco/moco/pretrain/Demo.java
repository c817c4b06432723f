package org.jmoco.moco.pretrain;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.knn.KnnClassifier;
import org.jmoco.eval.knn.KnnReport;
import org.jmoco.eval.knn.Vote;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.Items;
import org.jmoco.eval.result.Metric;
import org.jmoco.eval.result.Provenance;
import org.jmoco.eval.result.ResultFolder;
import org.jmoco.eval.stats.HalfSamples;
import org.jmoco.moco.algorithm.Moco;
import org.jmoco.moco.config.ConfigException;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.moco.report.RunReport;
import org.jmoco.nn.weights.BundledEncoder;

/// Whether pre-training without labels teaches an encoder anything: the same nearest-neighbour classifier on raw
/// pixels, on the features of the untrained encoder, on those of the trained one, and on those of the encoder that
/// comes with jmoco, which was trained longer. What the trained one is held against lies in the run's folder, for its
/// report.
public final class Demo {
    private static final String RAW = "raw pixels";
    private static final String UNTRAINED = "untrained encoder";
    private static final String BUNDLED = "bundled encoder";

    private Demo() {}

    /// How the trained encoder stands to something else.
    ///
    /// @param accuracy of the other, kNN top-1 in percent, with its interval
    /// @param gain     of the trained encoder over it, in percent, with its interval over the test images
    public record Beside(Metric accuracy, HalfSamples.Interval gain) {}

    /// What was found.
    ///
    /// @param run     the training
    /// @param trained accuracy of its encoder
    /// @param others  raw pixels, the untrained encoder, the bundled encoder
    public record Result(PretrainResult run, Metric trained, List<Beside> others) {}

    /// Measures, trains, measures.
    ///
    /// @throws ConfigException if the configuration's monitor is off
    /// @throws org.jmoco.nn.train.StoppedException if the run is asked to stop
    public static Result run(MocoConfig config, PretrainOptions options) {
        options.device().use();
        RunData data = RunData.open(config);
        RunData.Labelled labelled = data.labelled()
                .orElseThrow(() -> new ConfigException("the demo compares by kNN: knn.every must be at least 1"));
        Metric raw = raw(config, options, labelled);
        Moco start = new Moco(config, data.batches().pixels());
        options.begin(start);
        Metric untrained = measured(UNTRAINED, config, options, labelled, Encoder.of(start.query(), "untrained"));
        PretrainResult run = Pretraining.run(config, options).orStopped();
        Encoder longer = Encoder.read(Path.of(BundledEncoder.NAME));
        List<Metric> others = List.of(raw, untrained, measured(BUNDLED, config, options, labelled, longer));
        Provenance made = new Provenance("jmoco", Map.of(), config.seed(), List.of());
        ResultFolder.write(
                options.out().resolve(RunReport.BASELINES),
                new EvaluationResult("demo/baselines", others, List.of(), List.of(), made));
        RunReport.write(options.out());
        Metric trained = ResultFolder.read(options.out().resolve(RunReport.KNN))
                .metrics()
                .getFirst();
        List<Beside> beside = new ArrayList<>();
        others.forEach(other -> beside.add(new Beside(other, gain(trained, other))));
        return new Result(run, trained, beside);
    }

    private static Metric raw(MocoConfig config, PretrainOptions options, RunData.Labelled labelled) {
        RawPixels bank = RawPixels.of(labelled.bank(), labelled.plain());
        RawPixels queries = RawPixels.of(labelled.queries(), labelled.plain());
        Vote vote = new Vote(
                Math.min(config.knn().k(), bank.labels().length), config.knn().temperature());
        try (KnnClassifier pixels = new KnnClassifier(options.device(), bank.values(), bank.labels())) {
            List<int[]> predicted = pixels.predictions(queries.values(), List.of(vote));
            KnnReport report = new KnnReport(RAW, List.of(vote), predicted, queries.labels());
            Provenance made = new Provenance("jmoco", Map.of(), config.seed(), List.of());
            return named(
                    RAW,
                    report.result(List.of(), labelled.queries().classes().size(), made)
                            .metrics()
                            .getFirst());
        }
    }

    private static Metric measured(
            String name, MocoConfig config, PretrainOptions options, RunData.Labelled labelled, Encoder encoder) {
        KnnMonitor monitor = new KnnMonitor(options.device(), encoder, labelled, config);
        monitor.percent();
        return named(name, monitor.answers().metrics().getFirst());
    }

    private static Metric named(String name, Metric m) {
        return new Metric(name, m.value(), m.unit(), m.interval(), m.spread(), m.items());
    }

    private static HalfSamples.Interval gain(Metric trained, Metric other) {
        Items a = trained.items().orElseThrow();
        Items b = other.items().orElseThrow();
        HalfSamples.Interval d = new HalfSamples(a.size(), HalfSamples.REPLICATES, 0)
                .compare(a::score, b::score, Metric.LEVEL)
                .difference();
        return new HalfSamples.Interval(100 * d.value(), 100 * d.low(), 100 * d.high(), d.level());
    }
}
