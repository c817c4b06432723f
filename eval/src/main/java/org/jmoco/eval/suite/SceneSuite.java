package org.jmoco.eval.suite;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.Items;
import org.jmoco.eval.result.Metric;
import org.jmoco.eval.result.Provenance;
import org.jmoco.eval.result.ResultFolder;
import org.jmoco.eval.result.ResultTable;
import org.jmoco.eval.stats.HalfSamples;
import org.jmoco.eval.stats.PairedT;
import org.jmoco.eval.stats.Summary;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.train.Run;
import org.jmoco.nn.train.RunFolder;
import org.jmoco.nn.train.Saving;
import org.jmoco.tensor.Device;

/// Every benchmark on scenes, of trained encoders and of untrained ones of the same architecture beside them.
///
/// A seed stands for everything that is drawn in one measurement. With the same seed a trained and an untrained
/// encoder see the same crops in the same order, and their heads begin with the same weights: the pairs of the
/// tests. Each measurement is a training with a folder of its own, `BENCHMARK/trained-SEED`, with its result and
/// its network; one that has a result there is not measured again.
public final class SceneSuite {
    static final Saving SAVING = Saving.everySeconds(60);

    private static final String UNTRAINED = ", untrained";

    private final SceneSuiteConfig config;
    private final List<SceneBenchmark> benchmarks;
    private final Encoders encoders;
    private final Device device;
    private final Run run;
    private final Manner manner;
    private final SequencedMap<Cell, EvaluationResult> measured = new LinkedHashMap<>();
    private final Map<Row, Answer> answers = new LinkedHashMap<>(); // a test takes seconds

    /// What is measured.
    ///
    /// @param trained   one encoder, or one for each seed
    /// @param normalize what each wants of bytes; untrained encoders see them as the first does
    public record Encoders(List<Encoder> trained, List<Normalize> normalize) {
        /// @throws IllegalArgumentException if there is none, or not one way to see bytes for each
        public Encoders {
            trained = List.copyOf(trained);
            normalize = List.copyOf(normalize);
            if (trained.isEmpty() || trained.size() != normalize.size()) {
                throw new IllegalArgumentException("encoders and what they want of bytes were expected, got "
                        + trained.size() + " and " + normalize.size());
            }
        }

        private SceneBenchmark.Start start(String which, int seed) {
            int place = which.equals(Suite.TRAINED) && trained.size() > 1 ? seed : 0;
            Encoder encoder = which.equals(Suite.TRAINED)
                    ? trained.get(place)
                    : Encoder.untrained(trained.getFirst().net().config(), seed);
            return new SceneBenchmark.Start(encoder, normalize.get(place), seed);
        }
    }

    /// What results carry.
    public record Manner(String protocol, Provenance provenance) {}

    /// One measurement.
    ///
    /// @param encoder [Suite#TRAINED] or [Suite#UNTRAINED]
    public record Cell(String benchmark, String encoder, int seed) {
        /// Below the run's folder.
        public String folder() {
            return benchmark + "/" + encoder + "-" + seed;
        }

        @Override
        public String toString() {
            return benchmark + ", " + encoder + ", seed " + seed;
        }
    }

    /// What encoders are compared by: one metric of a benchmark.
    ///
    /// @param metric as the results of the benchmark call it
    public record Row(String benchmark, String metric) {
        /// `segmentation mIoU`.
        @Override
        public String toString() {
            return benchmark + " " + metric;
        }
    }

    /// Told how a suite goes.
    public interface Listener {
        /// A measurement begins, or is read because it was made before.
        default void begins(Cell cell, int number, int of) {}

        /// A measurement is there.
        ///
        /// @param metrics by which encoders are compared
        default void measured(Cell cell, List<Metric> metrics) {}
    }

    /// The answer of one metric: trained − untrained.
    ///
    /// @param difference of the means over the seeds, in percent, with its interval over test images
    /// @param pImages    by half-samples of the test images, two-sided: would other images say the same?
    /// @param seeds      paired t-test over the seeds: would other seeds say the same? Empty for one seed
    /// @param ahead      seeds in which the trained encoder is ahead
    public record Answer(HalfSamples.Interval difference, double pImages, Optional<PairedT> seeds, int ahead) {}

    /// What a suite leaves in the folder of its run besides a result: see [Run#open].
    public static List<String> works() {
        return Stream.of(SceneSuiteConfig.Task.values())
                .map(SceneSuiteConfig.Task::title)
                .toList();
    }

    /// A suite on scenes that are open.
    ///
    /// @param run with a folder
    /// @throws IllegalArgumentException if there are several encoders and not one for each seed
    public SceneSuite(
            SceneSuiteConfig config,
            List<SceneBenchmark> benchmarks,
            Encoders encoders,
            Device device,
            Run run,
            Manner manner) {
        int count = encoders.trained.size();
        if (count > 1 && count != config.seeds()) {
            throw new IllegalArgumentException(
                    "one encoder or one for each of the " + config.seeds() + " seeds is needed, got " + count);
        }
        this.config = config;
        this.benchmarks = List.copyOf(benchmarks);
        this.encoders = encoders;
        this.device = device;
        this.run = run;
        this.manner = manner;
    }

    /// Measures everything that is not measured yet: seed by seed, so that a suite that was stopped has pairs.
    ///
    /// @throws org.jmoco.nn.train.StoppedException if someone wants the run to stop: all is saved
    public void run(Listener listener) {
        List<Cell> cells = cells();
        for (int i = 0; i < cells.size(); i++) {
            run.endIfAsked();
            Cell cell = cells.get(i);
            listener.begins(cell, i + 1, cells.size());
            EvaluationResult result = measure(cell);
            measured.put(cell, result);
            listener.measured(
                    cell,
                    benchmark(cell.benchmark).compared().stream()
                            .map(result::metric)
                            .toList());
        }
    }

    private List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        for (int seed = 0; seed < config.seeds(); seed++) {
            for (SceneBenchmark benchmark : benchmarks) {
                for (String which : List.of(Suite.TRAINED, Suite.UNTRAINED)) {
                    cells.add(new Cell(benchmark.name(), which, seed));
                }
            }
        }
        return cells;
    }

    private EvaluationResult measure(Cell cell) {
        Run part = run.part(cell.folder());
        Path folder = part.folder().orElseThrow().path();
        if (Files.exists(folder.resolve(ResultFolder.RESULT))) {
            return ResultFolder.read(folder);
        }
        SceneBenchmark.Start start = encoders.start(cell.encoder, cell.seed);
        String protocol = manner.protocol + "/" + cell.benchmark;
        SceneBenchmark.Course course =
                new SceneBenchmark.Course(part, device, cell.toString(), protocol, provenance(start));
        EvaluationResult result = benchmark(cell.benchmark).measure(start, course);
        ResultFolder.write(folder, result);
        part.folder().ifPresent(RunFolder::deleteCheckpoints);
        return result;
    }

    private SceneBenchmark benchmark(String name) {
        return benchmarks.stream()
                .filter(b -> b.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Provenance provenance(SceneBenchmark.Start start) {
        Provenance all = manner.provenance;
        Map<String, Object> facts = new LinkedHashMap<>(all.config());
        facts.put("encoder", start.encoder().source());
        facts.put("encoder.sha256", start.encoder().fingerprint());
        return new Provenance(all.software(), facts, start.seed(), all.inputs());
    }

    /// What was measured, in order.
    public SequencedMap<Cell, EvaluationResult> measured() {
        return measured;
    }

    /// What encoders are compared by, in the order of the table.
    public List<Row> rows() {
        return benchmarks.stream()
                .flatMap(b -> b.compared().stream().map(metric -> new Row(b.name(), metric)))
                .toList();
    }

    /// One metric, one a seed.
    private List<Metric> metrics(Row row, String which) {
        return IntStream.range(0, config.seeds())
                .mapToObj(seed ->
                        measured.get(new Cell(row.benchmark, which, seed)).metric(row.metric))
                .toList();
    }

    /// The mean over the seeds, with its spread.
    ///
    /// @param which [Suite#TRAINED] or [Suite#UNTRAINED]
    public Summary summary(Row row, String which) {
        return Summary.of(values(row, which));
    }

    private double[] values(Row row, String which) {
        return metrics(row, which).stream().mapToDouble(Metric::value).toArray();
    }

    /// Whether trained encoders are ahead.
    public Answer answer(Row row) {
        return answers.computeIfAbsent(row, this::compared);
    }

    private Answer compared(Row row) {
        List<Items> trained = items(row, Suite.TRAINED);
        List<Items> untrained = items(row, Suite.UNTRAINED);
        HalfSamples.Paired paired = new HalfSamples(trained.getFirst().size(), HalfSamples.REPLICATES, 0)
                .compare(counts -> mean(trained, counts), counts -> mean(untrained, counts), Metric.LEVEL);
        HalfSamples.Interval d = paired.difference();
        double[] first = values(row, Suite.TRAINED);
        double[] second = values(row, Suite.UNTRAINED);
        int ahead = (int) IntStream.range(0, first.length)
                .filter(i -> first[i] > second[i])
                .count();
        return new Answer(
                new HalfSamples.Interval(100 * d.value(), 100 * d.low(), 100 * d.high(), d.level()),
                paired.pValue(),
                first.length > 1 ? Optional.of(PairedT.of(first, second)) : Optional.empty(),
                ahead);
    }

    private List<Items> items(Row row, String which) {
        return metrics(row, which).stream().map(m -> m.items().orElseThrow()).toList();
    }

    private static double mean(List<Items> seeds, int[] counts) {
        return seeds.stream().mapToDouble(i -> i.score(counts)).average().orElseThrow();
    }

    /// The result, when everything is measured: means over the seeds, and every seed with its items, by which
    /// `compare` tells two encoders apart; in a table of its own what else was measured.
    public EvaluationResult result() {
        List<Metric> means = new ArrayList<>();
        List<Metric> single = new ArrayList<>();
        ResultTable table = ResultTable.of(
                "Trained beside untrained",
                "benchmark",
                "trained %",
                "± std",
                "untrained %",
                "± std",
                "gain",
                "low",
                "high",
                "p images",
                "p seeds",
                "seeds ahead");
        for (Row row : rows()) {
            Summary trained = summary(row, Suite.TRAINED);
            Summary untrained = summary(row, Suite.UNTRAINED);
            Answer answer = answer(row);
            means.add(Metric.of(row.toString(), trained.mean(), "%").withSpread(trained));
            means.add(Metric.of(row + UNTRAINED, untrained.mean(), "%").withSpread(untrained));
            for (int seed = 0; seed < config.seeds(); seed++) {
                single.add(named(
                        row + ", seed " + seed, metrics(row, Suite.TRAINED).get(seed)));
                single.add(named(
                        row + UNTRAINED + ", seed " + seed,
                        metrics(row, Suite.UNTRAINED).get(seed)));
            }
            table = table.plus(
                    row.toString(),
                    trained.mean(),
                    trained.std(),
                    untrained.mean(),
                    untrained.std(),
                    answer.difference.value(),
                    answer.difference.low(),
                    answer.difference.high(),
                    answer.pImages,
                    answer.seeds.<Object>map(PairedT::pValue).orElse(""),
                    answer.ahead + " of " + config.seeds());
        }
        means.addAll(single);
        return new EvaluationResult(
                manner.protocol, means, List.of(table, everyMetric()), List.of(), manner.provenance);
    }

    /// Means over the seeds of all that the benchmarks measured, without tests.
    private ResultTable everyMetric() {
        ResultTable table = ResultTable.of(
                "All numbers, means of the seeds", "benchmark", "trained %", "± std", "untrained %", "± std", "gain");
        for (SceneBenchmark benchmark : benchmarks) {
            EvaluationResult any = measured.get(new Cell(benchmark.name(), Suite.TRAINED, 0));
            for (Metric metric : any.metrics()) {
                Row row = new Row(benchmark.name(), metric.name());
                Summary trained = summary(row, Suite.TRAINED);
                Summary untrained = summary(row, Suite.UNTRAINED);
                table = table.plus(
                        row.toString(),
                        trained.mean(),
                        trained.std(),
                        untrained.mean(),
                        untrained.std(),
                        trained.mean() - untrained.mean());
            }
        }
        return table;
    }

    private static Metric named(String name, Metric m) {
        return new Metric(name, m.value(), m.unit(), m.interval(), m.spread(), m.items());
    }
}
