package org.jmoco.eval.suite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ejml.data.DMatrixRMaj;
import org.jmoco.eval.Features;
import org.jmoco.eval.LabelMatrix;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.extract.FeatureExtractor;
import org.jmoco.eval.extract.FeatureFolder;
import org.jmoco.eval.extract.Tap;
import org.jmoco.eval.knn.KnnClassifier;
import org.jmoco.eval.knn.Vote;
import org.jmoco.eval.linear.ClassifierTraining;
import org.jmoco.eval.linear.FeatureCache;
import org.jmoco.eval.linear.LinearConfig;
import org.jmoco.eval.linear.LinearHeads;
import org.jmoco.eval.linear.Recipe;
import org.jmoco.eval.linear.Score;
import org.jmoco.eval.linear.StoredFeatures;
import org.jmoco.eval.lowshot.Draw;
import org.jmoco.eval.lowshot.LowShotProtocol;
import org.jmoco.eval.lowshot.LowShotResult;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.Metric;
import org.jmoco.eval.result.Provenance;
import org.jmoco.eval.result.ResultTable;
import org.jmoco.eval.semi.BalancedSubset;
import org.jmoco.eval.semi.SemiBenchmark;
import org.jmoco.eval.semi.SemiConfig;
import org.jmoco.eval.stats.Summary;
import org.jmoco.eval.svm.CostList;
import org.jmoco.eval.svm.SvmProtocol;
import org.jmoco.nn.data.loader.LoaderOptions;
import org.jmoco.nn.data.source.Classified;
import org.jmoco.nn.train.Run;
import org.jmoco.nn.train.Saving;
import org.jmoco.nn.train.TrainingLoop;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Shape;

/// Every classification benchmark on one data set, of trained encoders and of untrained ones of the same
/// architecture beside them.
///
/// A seed stands for everything that is drawn in one measurement: classifiers' first weights, orders,
/// augmentation, subsets and low-shot draws, the untrained encoder, and the trained one if there is one for each
/// seed. Of a single trained encoder the spread over the seeds is that of the evaluation alone.
public final class Suite {
    /// In results, encoders that were trained.
    public static final String TRAINED = "trained";

    /// In results, encoders with random weights.
    public static final String UNTRAINED = "untrained";

    private static final int BATCH = 100;
    private static final Saving SAVING = Saving.everySeconds(60);
    private static final String UNFINISHED = "unfinished";
    private static final String MEASURED = "measured.tsv";
    private static final List<Tap> MAPS = Tap.maps(Tap.Pooling.ADAPTIVE);

    private final SuiteConfig config;
    private final List<Encoder> trained;
    private final Classified data;
    private final Device device;
    private final Run run;
    private final Path folder;
    private final Measured measured;

    /// Told how a suite goes.
    public interface Listener {
        /// @param encoder [#TRAINED] or [#UNTRAINED]
        default FeatureFolder.Listener extraction(String encoder, int seed, String part) {
            return FeatureFolder.Listener.NONE;
        }

        /// Something else is under way.
        default void working(String encoder, int seed, String what) {}

        /// A number is there, in percent.
        default void measured(String encoder, int seed, String benchmark, double value) {}
    }

    /// Features of one encoder's images, with what is drawn from them.
    private record Stored(FeatureFolder train, FeatureFolder test, List<Shape> shapes, List<Tap> taps) {
        StoredFeatures training(List<Tap> wanted, Recipe recipe, long seed) {
            return StoredFeatures.training(
                    wanted.stream().map(train::rows).toList(),
                    shapes(wanted),
                    train.labels(),
                    train.indices(),
                    recipe,
                    seed);
        }

        StoredFeatures testing(List<Tap> wanted, int batch) {
            return StoredFeatures.testing(
                    wanted.stream().map(test::rows).toList(), shapes(wanted), test.labels(), test.indices(), batch);
        }

        private List<Shape> shapes(List<Tap> wanted) {
            return wanted.stream().map(tap -> shapes.get(taps.indexOf(tap))).toList();
        }
    }

    /// What a suite leaves in the folder of its run besides a result: see [Run#open].
    public static String[] works() {
        return new String[] {MEASURED, UNFINISHED};
    }

    /// A suite on data that is open.
    ///
    /// @param trained one encoder, or one for each seed
    /// @param device  that computes
    /// @param run     with a folder, where features lie for the time being and measurements are kept; what is there
    ///     already is not measured again
    /// @throws IllegalArgumentException if there are several encoders and not one for each seed
    public Suite(SuiteConfig config, List<Encoder> trained, Classified data, Device device, Run run) {
        if (trained.isEmpty() || trained.size() > 1 && trained.size() != config.seeds()) {
            throw new IllegalArgumentException(
                    "one encoder or one for each of the " + config.seeds() + " seeds is needed, got " + trained.size());
        }
        this.config = config;
        this.trained = List.copyOf(trained);
        this.data = data;
        this.device = device;
        this.run = run;
        folder = run.folder().orElseThrow().path();
        measured = new Measured(folder.resolve(MEASURED));
    }

    /// Measures everything that is not measured yet.
    ///
    /// @throws org.jmoco.nn.train.StoppedException if someone wants the run to stop: all is saved
    public void run(Listener listener) {
        for (int seed = 0; seed < config.seeds(); seed++) {
            measure(TRAINED, trained.get(trained.size() == 1 ? 0 : seed), seed, listener);
        }
        for (int seed = 0; seed < config.seeds(); seed++) {
            measure(UNTRAINED, Encoder.untrained(trained.getFirst().net().config(), seed), seed, listener);
        }
        delete(unfinished());
    }

    /// Features and trainings that are still needed, also by a run that goes on with this one.
    private Path unfinished() {
        return folder.resolve(UNFINISHED);
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.exists(folder) ? Files.walk(folder) : Stream.empty()) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " cannot be deleted: " + e.getMessage(), e);
        }
    }

    private void measure(String which, Encoder network, int seed, Listener listener) {
        if (measured.has(which, seed, config.benchmarks())) {
            return;
        }
        run.endIfAsked();
        Stored features = features(which, network, seed, listener);
        knn(which, seed, features, listener);
        svm(which, seed, features, listener);
        linear(which, seed, features, MAPS, config.multiHead(), listener);
        linear(which, seed, features, List.of(Tap.AVGPOOL), config.avgpool(), listener);
        semi(which, network, seed, "semi 1 % top-1", config.onePercent(), listener);
        semi(which, network, seed, "semi 10 % top-1", config.tenPercent(), listener);
        if (which.equals(UNTRAINED) || trained.size() > 1 || seed == config.seeds() - 1) {
            features.train.delete();
            features.test.delete();
        }
    }

    private Stored features(String which, Encoder network, int seed, Listener listener) {
        List<Tap> taps = new ArrayList<>(MAPS);
        taps.add(Tap.AVGPOOL);
        LoaderOptions options = config.data().loading(LoaderOptions.evaluation(BATCH));
        FeatureCache cache = new FeatureCache(device, unfinished(), network, taps, options);
        FeatureFolder ofTrain =
                cache.features("train", data.train(), config.views().test(), ending(listener, which, seed, "train"));
        FeatureFolder ofTest =
                cache.features("test", data.test(), config.views().test(), ending(listener, which, seed, "test"));
        return new Stored(
                ofTrain,
                ofTest,
                List.copyOf(FeatureExtractor.shapes(
                                network, taps, data.train(), config.views().test())
                        .values()),
                taps);
    }

    private FeatureFolder.Listener ending(Listener listener, String which, int seed, String part) {
        return listener.extraction(which, seed, part).thenEnding(run);
    }

    private void knn(String which, int seed, Stored features, Listener listener) {
        if (repeats(which, seed, List.of("kNN top-1"), listener)) {
            return;
        }
        run.endIfAsked();
        listener.working(which, seed, "nearest neighbours");
        int[] labels = features.train.labels();
        Vote vote =
                new Vote(Math.min(config.knn().k(), labels.length), config.knn().temperature());
        double percent;
        try (KnnClassifier knn = new KnnClassifier(device, features.train.rows(Tap.AVGPOOL), labels)) {
            percent = knn.accuracy(features.test.rows(Tap.AVGPOOL), features.test.labels(), vote);
        }
        put(which, seed, "kNN top-1", percent, listener);
    }

    private void svm(String which, int seed, Stored features, Listener listener) {
        List<String> names = new ArrayList<>(List.of("SVM mAP"));
        config.svm().shots().forEach(k -> names.add("low-shot mAP k=" + k));
        if (measured.has(which, seed, names)) {
            return;
        }
        run.endIfAsked();
        listener.working(which, seed, "support vector machines");
        int[] labels = features.train.labels();
        boolean all = labels.length <= config.svm().images();
        int[] rows = all
                ? IntStream.range(0, labels.length).toArray()
                : BalancedSubset.choose(labels, (double) config.svm().images() / labels.length, data.classes(), seed);
        DMatrixRMaj x = rows(Features.of("training features", features.train.rows(Tap.AVGPOOL)), rows);
        LabelMatrix y =
                LabelMatrix.ofIds(Arrays.stream(rows).map(r -> labels[r]).toArray(), data.classes());
        DMatrixRMaj xTest = Features.of("test features", features.test.rows(Tap.AVGPOOL));
        LabelMatrix yTest = LabelMatrix.ofIds(features.test.labels(), data.classes());
        if (!(all && repeats(which, seed, List.of("SVM mAP"), listener))) {
            put(
                    which,
                    seed,
                    "SVM mAP",
                    100
                            * SvmProtocol.of(CostList.MMSELFSUP)
                                    .evaluate(x, y, xTest, yTest)
                                    .meanAveragePrecision(),
                    listener);
        }
        run.endIfAsked();
        listener.working(which, seed, "low-shot support vector machines");
        List<Draw> draws = Draw.random(y, config.svm().shots(), config.svm().draws(), seed);
        for (LowShotResult.Shots shots : LowShotProtocol.of(CostList.MMSELFSUP)
                .evaluate(x, draws, xTest, yTest)
                .shots()) {
            put(
                    which,
                    seed,
                    "low-shot mAP k=" + shots.k(),
                    100 * shots.summary().mean(),
                    listener);
        }
    }

    private static DMatrixRMaj rows(DMatrixRMaj all, int[] rows) {
        DMatrixRMaj some = new DMatrixRMaj(rows.length, all.numCols);
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(all.data, rows[i] * all.numCols, some.data, i * all.numCols, all.numCols);
        }
        return some;
    }

    private void linear(String which, int seed, Stored features, List<Tap> taps, Recipe recipe, Listener listener) {
        List<String> names =
                taps.stream().map(tap -> "linear top-1 " + tap.stage().key()).toList();
        if (measured.has(which, seed, names)) {
            return;
        }
        String what = taps.size() == 1 ? "a linear classifier" : "linear classifiers";
        listener.working(which, seed, what);
        Run part = part(which, seed, what);
        StoredFeatures input = features.training(taps, recipe, seed);
        List<String> keys = taps.stream().map(tap -> tap.stage().key()).toList();
        List<Score> scores;
        try (ClassifierTraining training = new LinearHeads(input.shapes(), data.classes())
                .training(
                        recipe,
                        input,
                        features.testing(taps, recipe.batch()),
                        seed,
                        new ClassifierTraining.Manner(device, part, title(which, seed, what), keys, SAVING))) {
            TrainingLoop.run(part, training).orStopped();
            scores = training.scores();
        }
        for (int i = 0; i < names.size(); i++) {
            put(which, seed, names.get(i), scores.get(i).top1(), listener);
        }
        delete(part);
    }

    /// A training's part of the run.
    private Run part(String which, int seed, String what) {
        return run.part(UNFINISHED + "/" + which + "-" + seed + "-" + what.replaceAll("[^a-z0-9]+", "-"));
    }

    private static void delete(Run part) {
        part.folder().ifPresent(folder -> delete(folder.path()));
    }

    private static String title(String which, int seed, String what) {
        return which + ", seed " + seed + ": " + what;
    }

    private void semi(
            String which, Encoder network, int seed, String name, SuiteConfig.Labels labels, Listener listener) {
        if (measured.has(which, seed, List.of(name))) {
            return;
        }
        String what = "fine-tuning with " + Math.round(100 * labels.fraction()) + " % of the labels";
        SemiConfig semi = new SemiConfig(
                "suite_head_steplr-",
                seed,
                config.data(),
                labels.fraction(),
                Encoder.Wanted.ANY,
                new LinearConfig.Views(config.views().train(), config.views().test()),
                labels.grid(),
                labels.recipe());
        Run part = part(which, seed, name);
        List<SemiBenchmark.Cell> cells = new SemiBenchmark(semi, network, device, data, true)
                .run(part, SAVING, new SemiBenchmark.Listener() {
                    @Override
                    public void begin(String cell, int number, int count) {
                        listener.working(which, seed, what + ", cell " + number + " of " + count);
                    }
                });
        // A network that diverged answers the same for every image.
        put(
                which,
                seed,
                name,
                SemiBenchmark.best(cells).map(SemiBenchmark.Cell::top1).orElse(100.0 / data.classes()),
                listener);
        delete(part);
    }

    /// Takes over what does not depend on the seed where there is one trained encoder: features of the same
    /// encoder are the same every time.
    private boolean repeats(String which, int seed, List<String> names, Listener listener) {
        if (measured.has(which, seed, names)) {
            return true;
        }
        if (!which.equals(TRAINED) || trained.size() > 1 || seed == 0) {
            return false;
        }
        names.forEach(
                name -> put(which, seed, name, measured.value(which, 0, name).orElseThrow(), listener));
        return true;
    }

    private void put(String which, int seed, String benchmark, double value, Listener listener) {
        measured.put(which, seed, benchmark, value);
        listener.measured(which, seed, benchmark, value);
    }

    /// The mean over the seeds of one benchmark, with its spread.
    ///
    /// @param which [#TRAINED] or [#UNTRAINED]
    public Summary summary(String which, String benchmark) {
        return measured.summary(which, benchmark);
    }

    /// The result, when everything is measured.
    public EvaluationResult result(String protocol, Provenance provenance) {
        List<Metric> metrics = new ArrayList<>();
        ResultTable table = ResultTable.of(
                "Trained beside untrained", "benchmark", "trained %", "± std", "untrained %", "± std", "gain");
        ResultTable single = ResultTable.of("Single measurements", "benchmark", "encoder", "seed", "value %");
        for (String benchmark : config.benchmarks()) {
            for (String which : List.of(TRAINED, UNTRAINED)) {
                for (int seed = 0; seed < config.seeds(); seed++) {
                    single = single.plus(
                            benchmark,
                            which,
                            seed,
                            measured.value(which, seed, benchmark).orElseThrow());
                }
            }
            Summary trained = summary(TRAINED, benchmark);
            Summary untrained = summary(UNTRAINED, benchmark);
            metrics.add(Metric.of(benchmark, trained.mean(), "%").withSpread(trained));
            metrics.add(
                    Metric.of(benchmark + ", untrained", untrained.mean(), "%").withSpread(untrained));
            table = table.plus(
                    benchmark,
                    trained.mean(),
                    trained.std(),
                    untrained.mean(),
                    untrained.std(),
                    trained.mean() - untrained.mean());
        }
        return new EvaluationResult(protocol, metrics, List.of(table, single), List.of(), provenance);
    }
}
