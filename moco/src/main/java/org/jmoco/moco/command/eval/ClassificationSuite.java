package org.jmoco.moco.command.eval;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.extract.EvaluationIdentity;
import org.jmoco.eval.extract.FeatureFolder;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.ResultFolder;
import org.jmoco.eval.stats.Summary;
import org.jmoco.eval.suite.Suite;
import org.jmoco.eval.suite.SuiteConfig;
import org.jmoco.moco.command.ResultLine;
import org.jmoco.moco.config.ConfigText;
import org.jmoco.moco.report.EvaluationReport;
import org.jmoco.nn.data.source.Classified;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.train.Progress;
import org.jmoco.nn.train.Run;
import org.jmoco.nn.train.RunOptions;
import org.jmoco.tensor.Device;

/// `jmoco evaluate` with classification benchmarks.
///
/// @param files of the encoders; none if there is one that is untrained
record ClassificationSuite(SuiteConfig config, String protocol, List<Encoder> trained, List<Path> files, Path out) {

    void run(Device opened, RunOptions how, PrintWriter stdout) {
        Progress progress = how.progress();
        long start = System.nanoTime();
        Classified images = config.data().classified();
        ImageSource train = images.train();
        ImageSource test = images.test();
        Terminal.remark(progress, train, test);
        try (Run run = Run.open(
                out,
                EvaluationIdentity.of(ConfigText.flat(config), trained, config.data(), train, test),
                how,
                Stream.concat(Stream.of(ResultFolder.RESULT), Stream.of(Suite.works()))
                        .toArray(String[]::new))) {
            run.folder().orElseThrow().writeConfig(BenchmarkConfig.text(config, trained.toArray(Encoder[]::new)));
            progress.print(String.format(
                    Locale.ROOT,
                    "%,d training images, %,d test images, %d seeds",
                    train.size(),
                    test.size(),
                    config.seeds()));
            Suite all = new Suite(config, trained, images, opened, run);
            all.run(listener(progress, config.benchmarks()));
            EvaluationResult result = all.result(
                    protocol, BenchmarkConfig.provenance(config, 0, trained, files, config.data(), train, test));
            EvaluationReport.write(out, result);
            progress.clear();
            print(all, result, (System.nanoTime() - start) / 1e9, stdout);
        }
    }

    private static Suite.Listener listener(Progress progress, List<String> benchmarks) {
        int width = benchmarks.stream().mapToInt(String::length).max().orElse(0);
        return new Suite.Listener() {
            @Override
            public FeatureFolder.Listener extraction(String encoder, int seed, String part) {
                return Terminal.extraction(progress, encoder + ", seed " + seed + ": " + part + " features");
            }

            @Override
            public void working(String encoder, int seed, String what) {
                progress.print(encoder + ", seed " + seed + ": " + what);
            }

            @Override
            public void measured(String encoder, int seed, String benchmark, double value) {
                progress.print(String.format(
                        Locale.ROOT, "%s, seed %d: %-" + width + "s %6.2f %%", encoder, seed, benchmark, value));
            }
        };
    }

    private void print(Suite all, EvaluationResult result, double seconds, PrintWriter stdout) {
        stdout.println("protocol " + result.protocol());
        stdout.println();
        stdout.println(row("benchmark, %", "trained", "untrained", "gain"));
        stdout.println(line());
        ResultLine line = new ResultLine(result.protocol());
        for (String benchmark : config.benchmarks()) {
            Summary trained = all.summary(Suite.TRAINED, benchmark);
            Summary untrained = all.summary(Suite.UNTRAINED, benchmark);
            stdout.println(row(
                    benchmark,
                    spread(trained),
                    spread(untrained),
                    String.format(Locale.ROOT, "%+.2f", trained.mean() - untrained.mean())));
            String key = benchmark.replaceAll("[^A-Za-z0-9]+", "_");
            line.percent(key, trained.mean()).percent(key + "_untrained", untrained.mean());
        }
        stdout.println();
        String of = files.size() > 1
                ? " encoders of different seeds"
                : " seeds of classifiers, draws and subsets, and of untrained encoders";
        stdout.println("mean ± population standard deviation of " + config.seeds() + of);
        stdout.println(line.with("seeds", config.seeds())
                .seconds("total_seconds", seconds)
                .with("out", out));
        stdout.flush();
    }

    /// Between a table's head and its rows.
    static String line() {
        return "|" + "-".repeat(28) + "|" + "-".repeat(15) + ":|" + "-".repeat(15) + ":|" + "-".repeat(8) + ":|";
    }

    /// Of a table that stands as well in Markdown.
    static String row(String name, String trained, String untrained, String gain) {
        return String.format(Locale.ROOT, "| %-26s | %14s | %14s | %7s |", name, trained, untrained, gain);
    }

    static String spread(Summary s) {
        return String.format(Locale.ROOT, "%.2f ± %.2f", s.mean(), s.std());
    }
}
