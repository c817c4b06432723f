package org.jmoco.moco.command.eval;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.extract.EvaluationIdentity;
import org.jmoco.eval.extract.FeatureFolder;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.ResultFolder;
import org.jmoco.eval.stats.Summary;
import org.jmoco.eval.suite.Suite;
import org.jmoco.eval.suite.SuiteConfig;
import org.jmoco.moco.command.DeviceOptions;
import org.jmoco.moco.command.ResultLine;
import org.jmoco.moco.command.Stoppable;
import org.jmoco.moco.config.Binder;
import org.jmoco.moco.config.ConfigText;
import org.jmoco.moco.config.ConfigTree;
import org.jmoco.moco.report.EvaluationReport;
import org.jmoco.nn.data.source.Classified;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.train.Progress;
import org.jmoco.nn.train.Run;
import org.jmoco.nn.train.RunOptions;
import org.jmoco.tensor.Device;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `jmoco evaluate`: all classification benchmarks in one run.
@Command(
        name = "evaluate",
        description = "Runs every classification benchmark on trained encoders, each beside untrained encoders of "
                + "the same architecture: nearest neighbours, SVM, low-shot SVM, linear classifiers on five "
                + "stages and on pooled features, fine-tuning with 1 %% and 10 %% of the labels.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Everything is measured several times, with other seeds: of classifiers, draws and subsets, of "
                    + "the untrained encoder, and of the trained one if there are several --weights.",
            "Writes result.json and measured.tsv (every single measurement) to --out. Ctrl-C saves and stops, "
                    + "within a step or at the end of a measurement without steps; --resume goes on, bit for bit; "
                    + "what is measured is not measured again.",
            "",
            "Example: jmoco evaluate --suite cifar10 --weights runs/cifar/final.safetensors --data "
                    + "data/cifar10 --out runs/cifar-suite",
            "Example: jmoco evaluate --suite cifar10 --weights runs/demo-0/final.safetensors "
                    + "runs/demo-1/final.safetensors runs/demo-2/final.safetensors --data sample --out "
                    + "runs/demo-suite",
            Stoppable.EXIT_CODES
        })
public final class EvaluateCommand implements Callable<Integer> {
    @Option(
            names = "--suite",
            required = true,
            paramLabel = "NAME",
            description = "cifar10: for CIFAR-10 and other data sets of images of 32×32 pixels.")
    private String suite;

    @Mixin
    private EncodersOptions encoders;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The folder of the data set, or the word sample for the images that come with jmoco. "
                    + "Default: data/cifar10.")
    private Optional<String> data = Optional.empty();

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description =
                    "How often everything is measured. Default: once for each of several --weights, else 3 times.")
    private Optional<Integer> seeds = Optional.empty();

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Overrides one value, such as ten-percent.grid.head=[10] or multi-head.epochs=10; may "
                    + "be given several times. --out holds all of them in config.yaml.")
    private List<String> overrides = List.of();

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder of this run.")
    private Path out;

    @Option(names = "--resume", description = "Goes on with a run that was interrupted.")
    private boolean resume;

    @Mixin
    private DeviceOptions device;

    @Mixin
    private MemoryOptions memory;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (!suite.equals("cifar10")) {
            throw new ParameterException(spec.commandLine(), "--suite must be cifar10, got " + suite);
        }
        int files = encoders.files().size();
        if (files > 1 && seeds.isPresent() && seeds.get() != files) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--seeds must be the number of --weights where there are several, got " + seeds.get() + " for "
                            + files + " files");
        }
        SuiteConfig standard = SuiteConfig.cifar10();
        SuiteConfig read =
                Binder.bind(ConfigTree.override(new ConfigTree.Mapping(Map.of(), "--set"), overrides), standard);
        SuiteConfig withSeeds =
                files > 1 ? read.withSeeds(files) : seeds.map(read::withSeeds).orElse(read);
        SuiteConfig config =
                data.map(d -> withSeeds.withData(withSeeds.data().at(d))).orElse(withSeeds);
        String protocol = "suite/" + config.name() + BenchmarkConfig.differences(config, standard);
        return Stoppable.run("go on with --resume", how -> {
            run(config, protocol, how.withResume(resume));
            return 0;
        });
    }

    private void run(SuiteConfig config, String protocol, RunOptions how) {
        Device opened = device.open().device();
        memory.applyTo(opened);
        List<Encoder> trained = encoders.read();
        Progress progress = how.progress();
        trained.forEach(encoder -> progress.print(encoder.source() + ": " + encoder.network()));
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
                    protocol,
                    BenchmarkConfig.provenance(config, 0, trained, encoders.files(), config.data(), train, test));
            EvaluationReport.write(out, result);
            progress.clear();
            print(config, all, result, (System.nanoTime() - start) / 1e9);
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

    private void print(SuiteConfig config, Suite all, EvaluationResult result, double seconds) {
        PrintWriter stdout = spec.commandLine().getOut();
        stdout.println("protocol " + result.protocol());
        stdout.println();
        stdout.println(row("benchmark, %", "trained", "untrained", "gain"));
        stdout.println(
                "|" + "-".repeat(28) + "|" + "-".repeat(15) + ":|" + "-".repeat(15) + ":|" + "-".repeat(8) + ":|");
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
        String of = encoders.files().size() > 1
                ? " encoders of different seeds"
                : " seeds of classifiers, draws and subsets, and of untrained encoders";
        stdout.println("mean ± population standard deviation of " + config.seeds() + of);
        stdout.println(line.with("seeds", config.seeds())
                .seconds("total_seconds", seconds)
                .with("out", out));
        stdout.flush();
    }

    /// Of a table that stands as well in Markdown.
    private static String row(String name, String trained, String untrained, String gain) {
        return String.format(Locale.ROOT, "| %-26s | %14s | %14s | %7s |", name, trained, untrained, gain);
    }

    private static String spread(Summary s) {
        return String.format(Locale.ROOT, "%.2f ± %.2f", s.mean(), s.std());
    }
}
