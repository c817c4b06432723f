package org.jmoco.moco.command.eval;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.extract.EncoderPixels;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.Metric;
import org.jmoco.eval.result.Provenance;
import org.jmoco.eval.result.ResultFolder;
import org.jmoco.eval.suite.SceneBenchmark;
import org.jmoco.eval.suite.SceneSuite;
import org.jmoco.eval.suite.SceneSuiteConfig;
import org.jmoco.eval.suite.Suite;
import org.jmoco.moco.command.ResultLine;
import org.jmoco.moco.config.ConfigText;
import org.jmoco.moco.report.EvaluationReport;
import org.jmoco.nn.Stem;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.train.Progress;
import org.jmoco.nn.train.Run;
import org.jmoco.nn.train.RunIdentity;
import org.jmoco.nn.train.RunOptions;
import org.jmoco.tensor.Device;

/// `jmoco evaluate` with benchmarks on scenes.
///
/// @param files of the encoders; none if there is one that is untrained
record ScenesSuite(SceneSuiteConfig config, String protocol, List<Encoder> trained, List<Path> files, Path out) {
    private static final Set<String> FREE = Set.of("tasks", "data.path", "data.workers");

    void run(Device device, RunOptions how, PrintWriter stdout) {
        Progress progress = how.progress();
        long begun = System.nanoTime();
        List<SceneBenchmark> benchmarks = config.open();
        SceneSuite.Encoders encoders = new SceneSuite.Encoders(trained, normalize());
        for (SceneBenchmark benchmark : benchmarks) {
            for (int i = 0; i < trained.size(); i++) {
                benchmark.require(
                        new SceneBenchmark.Start(
                                trained.get(i), encoders.normalize().get(i), 0),
                        device);
            }
            benchmark.inputs().forEach(input -> progress.print(input.role() + " " + input.name()));
        }
        Provenance provenance = provenance(benchmarks);
        String[] works = Stream.concat(Stream.of(ResultFolder.RESULT), SceneSuite.works().stream())
                .toArray(String[]::new);
        try (Run run = Run.open(out, identity(provenance), how, works)) {
            run.folder().orElseThrow().writeConfig(BenchmarkConfig.text(config, trained.toArray(Encoder[]::new)));
            SceneSuite suite = new SceneSuite(
                    config, benchmarks, encoders, device, run, new SceneSuite.Manner(protocol, provenance));
            suite.run(listener(progress));
            suite.measured().forEach((cell, result) -> EvaluationReport.write(out.resolve(cell.folder()), result));
            EvaluationResult result = suite.result();
            EvaluationReport.write(out, result);
            progress.clear();
            print(suite, (System.nanoTime() - begun) / 1e9, stdout);
        }
    }

    private List<Normalize> normalize() {
        List<Normalize> all = new ArrayList<>();
        for (int i = 0; i < trained.size(); i++) {
            Stem stem = trained.get(i).net().config().stem();
            all.add(EncoderPixels.of(files.isEmpty() ? Optional.empty() : Optional.of(files.get(i)), stem));
        }
        return all;
    }

    private Provenance provenance(List<SceneBenchmark> benchmarks) {
        Map<String, Object> settings = new LinkedHashMap<>(ConfigText.flat(config));
        settings.put("network", trained.getFirst().network());
        settings.put("encoder", files.isEmpty() ? trained.getFirst().source() : "from the checkpoint");
        settings.put("encoder.sha256", fingerprints());
        List<Provenance.Input> inputs = new ArrayList<>();
        benchmarks.forEach(b -> inputs.addAll(b.inputs()));
        files.forEach(f -> inputs.add(Provenance.Input.weights(f)));
        return new Provenance("jmoco", settings, 0, inputs.stream().distinct().toList());
    }

    private String fingerprints() {
        return trained.stream().map(Encoder::fingerprint).collect(Collectors.joining(" "));
    }

    /// A run may go on with other tasks: the scenes that only those read are new to it.
    private RunIdentity identity(Provenance provenance) {
        Map<String, String> scenes = new LinkedHashMap<>();
        for (Provenance.Input input : provenance.inputs()) {
            if (!input.role().equals("checkpoint")) {
                scenes.put("the " + input.role(), input.sha256());
            }
        }
        return RunIdentity.EMPTY
                .with(ConfigText.flat(config), FREE::contains)
                .with("encoder", fingerprints())
                .with(scenes, name -> false)
                .orElse(scenes);
    }

    private static SceneSuite.Listener listener(Progress progress) {
        return new SceneSuite.Listener() {
            @Override
            public void begins(SceneSuite.Cell cell, int number, int of) {
                progress.print(cell + " (" + number + "/" + of + ")");
            }

            @Override
            public void measured(SceneSuite.Cell cell, List<Metric> metrics) {
                progress.print(cell + ": "
                        + metrics.stream()
                                .map(m -> String.format(Locale.ROOT, "%s %.2f %%", m.name(), m.value()))
                                .collect(Collectors.joining(", ")));
            }
        };
    }

    private void print(SceneSuite suite, double seconds, PrintWriter stdout) {
        stdout.println("protocol " + protocol);
        stdout.println();
        stdout.println(ClassificationSuite.row("benchmark, %", "trained", "untrained", "gain"));
        stdout.println(ClassificationSuite.line());
        ResultLine line = new ResultLine(protocol);
        List<String> answers = new ArrayList<>();
        for (SceneSuite.Row row : suite.rows()) {
            SceneSuite.Answer answer = suite.answer(row);
            double trainedMean = suite.summary(row, Suite.TRAINED).mean();
            double untrainedMean = suite.summary(row, Suite.UNTRAINED).mean();
            stdout.println(ClassificationSuite.row(
                    row.toString(),
                    ClassificationSuite.spread(suite.summary(row, Suite.TRAINED)),
                    ClassificationSuite.spread(suite.summary(row, Suite.UNTRAINED)),
                    String.format(Locale.ROOT, "%+.2f", answer.difference().value())));
            answers.add(sentence(row.toString(), answer));
            String key = row.toString().replaceAll("[^A-Za-z0-9]+", "_");
            line.percent(key, trainedMean)
                    .percent(key + "_untrained", untrainedMean)
                    .percent(key + "_low", answer.difference().low())
                    .percent(key + "_high", answer.difference().high())
                    .with(key + "_p", p(answer.pImages()))
                    .with(
                            key + "_p_seeds",
                            answer.seeds().map(t -> p(t.pValue())).orElse("none"));
        }
        stdout.println();
        answers.forEach(stdout::println);
        stdout.println(line.with("seeds", config.seeds())
                .seconds("total_seconds", seconds)
                .with("out", out));
        stdout.flush();
    }

    /// `segmentation mIoU: trained − untrained +6.31 (95 % interval over test scenes +5.60 to +7.02, p 0.001);
    /// ahead in 3 of 3 seeds, paired t-test over them p 0.004`.
    private String sentence(String metric, SceneSuite.Answer answer) {
        String images = String.format(
                Locale.ROOT,
                "%s: trained - untrained %+.2f (95 %% interval over test scenes %+.2f to %+.2f, p %s)",
                metric,
                answer.difference().value(),
                answer.difference().low(),
                answer.difference().high(),
                p(answer.pImages()));
        return images
                + String.format(Locale.ROOT, "; ahead in %d of %d seeds", answer.ahead(), config.seeds())
                + answer.seeds()
                        .map(t -> ", paired t-test over them p " + p(t.pValue()))
                        .orElse("");
    }

    private static String p(double value) {
        return String.format(Locale.ROOT, "%.3g", value);
    }
}
