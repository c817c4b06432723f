package org.jmoco.moco.command.eval;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.extract.EvaluationIdentity;
import org.jmoco.eval.extract.Tap;
import org.jmoco.eval.linear.HeadsOnFeatures;
import org.jmoco.eval.linear.LinearBenchmark;
import org.jmoco.eval.linear.LinearConfig;
import org.jmoco.eval.linear.Recipe;
import org.jmoco.eval.linear.Score;
import org.jmoco.eval.linear.StoredFeatures;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.Provenance;
import org.jmoco.eval.result.ResultFolder;
import org.jmoco.eval.result.ResultText;
import org.jmoco.moco.command.DeviceOptions;
import org.jmoco.moco.command.ResultLine;
import org.jmoco.moco.command.Stoppable;
import org.jmoco.moco.config.ConfigText;
import org.jmoco.moco.report.EvaluationReport;
import org.jmoco.nn.train.Progress;
import org.jmoco.nn.train.Run;
import org.jmoco.nn.train.RunIdentity;
import org.jmoco.nn.train.RunOptions;
import org.jmoco.nn.train.Saving;
import org.jmoco.nn.weights.Checkpoint;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.io.SafeTensors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `jmoco linear`: linear classifiers on frozen features, computed from images or read from files.
@Command(
        name = "linear",
        description = "Trains linear classifiers on the frozen features of an encoder, or on features in files, and "
                + "classifies the test images with them.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Writes result.json, items.safetensors (what became of every test image), heads.safetensors "
                    + "(the classifiers, under mmselfsup's names), metrics.jsonl and config.yaml to --out. "
                    + "Ctrl-C saves and stops; --resume goes on, bit for bit.",
            "",
            "Example: jmoco linear --config configs/benchmarks/resnet50_linear-8xb32-steplr-100e_in1k.yaml "
                    + "--weights mocov2.pth --data data/imagenet --out runs/linear",
            "Example: jmoco linear --config configs/benchmarks/resnet18_linear-b256-steplr-100e_cifar10.yaml "
                    + "--features features/train.npy --test-features features/test.npy --out runs/linear",
            Stoppable.EXIT_CODES
        })
public final class LinearCommand implements Callable<Integer> {
    @Mixin
    private BenchmarkConfig options;

    @Mixin
    private EncoderOptions encoders;

    @Mixin
    private FeatureFileOptions files;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder of this run.")
    private Path out;

    @Option(names = "--resume", description = "Goes on with a run that was interrupted.")
    private boolean resume;

    @Option(
            names = "--heads",
            paramLabel = "FILE",
            description =
                    "Classifies with the classifiers in a checkpoint, such as mmselfsup's, instead of training some.")
    private Optional<Path> headsFile = Optional.empty();

    @Option(
            names = "--cache-dir",
            paramLabel = "DIR",
            description = "Where features are kept that are computed once; other runs find them there. Default: "
                    + "in --out, deleted at the end.")
    private Optional<Path> cacheDir = Optional.empty();

    @Option(
            names = "--save-every",
            paramLabel = "SECONDS",
            description = "The state is saved after a step if the last one is so old. Default: ${DEFAULT-VALUE}.",
            defaultValue = "60")
    private long saveEvery;

    @Option(
            names = "--deterministic",
            description = "Nothing depends on time: no image is passed over for being slow. Two runs then write "
                    + "the same bytes.")
    private boolean deterministic;

    @Mixin
    private DeviceOptions device;

    @Mixin
    private MemoryOptions memory;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        LinearConfig read = options.read(LinearConfig.defaults());
        LinearConfig config =
                options.data().map(d -> read.withData(read.data().at(d))).orElse(read);
        return Stoppable.run("go on with --resume", how -> {
            if (files.areSaid()) {
                runOnFiles(config, how.withResume(resume));
            } else {
                run(config, how.withResume(resume));
            }
            return 0;
        });
    }

    private String protocol(LinearConfig config) {
        return options.protocol("linear", config.name(), config, LinearConfig.defaults())
                + (files.areSaid() ? " [given features]" : "")
                + (headsFile.isPresent() ? " [given classifiers]" : "");
    }

    private Device device() {
        Device opened = device.open().device();
        memory.applyTo(opened);
        return opened;
    }

    private void run(LinearConfig config, RunOptions how) {
        String protocol = protocol(config);
        Device opened = device();
        Encoder encoder = encoders.read(config.encoder(), config.seed());
        Progress progress = how.progress();
        progress.print(encoder.source() + ": " + encoder.network());
        LinearBenchmark benchmark = new LinearBenchmark(config, encoder, opened, deterministic);
        try (Run run = Run.open(
                out,
                EvaluationIdentity.of(
                        ConfigText.flat(config), List.of(encoder), config.data(), benchmark.train(), benchmark.test()),
                how,
                ResultFolder.RESULT)) {
            run.folder().orElseThrow().writeConfig(BenchmarkConfig.text(config, encoder));
            HeadsOnFeatures heads = benchmark.prepare(
                    run,
                    cacheDir.orElse(out.resolve("features")),
                    Saving.everySeconds(saveEvery),
                    Terminal.extraction(progress, "features"));
            Terminal.remark(progress, benchmark.train(), benchmark.test());
            progress.print(String.format(
                    Locale.ROOT,
                    "%,d training images, %,d test images, %d classes",
                    benchmark.train().size(),
                    benchmark.test().size(),
                    benchmark.classes()));
            List<Score> scores = scores(heads);
            report(
                    config,
                    run,
                    heads,
                    scores,
                    heads.result(
                            protocol,
                            scores,
                            benchmark.published(),
                            BenchmarkConfig.provenance(
                                    config,
                                    config.seed(),
                                    encoder,
                                    encoders.file(),
                                    config.data(),
                                    benchmark.train(),
                                    benchmark.test())));
            if (cacheDir.isEmpty()) {
                benchmark.deleteStored();
            }
        }
    }

    /// What the numbers depend on where features are read.
    public record FileSettings(String name, List<Tap.Stage> taps, Recipe recipe) {}

    private void runOnFiles(LinearConfig config, RunOptions how) {
        if (encoders.isSaid() || options.data().isPresent() || cacheDir.isPresent()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "give either --features and --test-features, or one of --weights and --untrained with --data");
        }
        if (config.taps().size() > 1 || config.taps().getFirst().isMap()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "features in files are vectors with one classifier, the configuration has taps "
                            + config.taps().stream().map(Tap.Stage::key).toList() + ": add --set taps=[avgpool]");
        }
        FeatureFileOptions.Both read =
                files.read(Optional.of(config.taps().getFirst().key()));
        FeatureFileOptions.Part train = read.train();
        FeatureFileOptions.Part test = read.test();
        Device opened = device();
        Progress progress = how.progress();
        FileSettings settings = new FileSettings(config.name(), config.taps(), config.recipe());
        RunIdentity identity =
                RunIdentity.EMPTY.with(ConfigText.flat(settings), key -> false).with("seed", "" + config.seed());
        for (Provenance.Input input : read.inputs()) {
            identity = identity.with("the " + input.role(), input.sha256());
        }
        try (Run run = Run.open(out, identity, how, ResultFolder.RESULT)) {
            run.folder().orElseThrow().writeConfig(BenchmarkConfig.text(config));
            progress.print(String.format(
                    Locale.ROOT,
                    "%,d training features, %,d test features of %d numbers, %d classes",
                    train.items(),
                    test.items(),
                    train.dim(),
                    read.names().size()));
            HeadsOnFeatures heads = new HeadsOnFeatures(
                    config,
                    new HeadsOnFeatures.Data(
                            StoredFeatures.training(
                                    train.rows(),
                                    train.shapes(),
                                    train.labels(),
                                    train.indices(),
                                    config.recipe(),
                                    config.seed()),
                            StoredFeatures.testing(
                                    test.rows(),
                                    test.shapes(),
                                    test.labels(),
                                    test.indices(),
                                    config.recipe().batch()),
                            read.names(),
                            read.names().size()),
                    run,
                    opened,
                    Saving.everySeconds(saveEvery));
            List<Score> scores = scores(heads);
            Provenance provenance = new Provenance(
                    "jmoco", new LinkedHashMap<>(ConfigText.flat(settings)), config.seed(), read.inputs());
            report(config, run, heads, scores, heads.result(protocol(config), scores, List.of(), provenance));
        }
    }

    private List<Score> scores(HeadsOnFeatures heads) {
        if (headsFile.isEmpty()) {
            return heads.train();
        }
        heads.heads()
                .load(
                        headsFile.get().toString(),
                        Checkpoint.read(headsFile.get()).arrays());
        return heads.score();
    }

    private void report(
            LinearConfig config, Run run, HeadsOnFeatures heads, List<Score> scores, EvaluationResult result) {
        SafeTensors.write(
                out.resolve("heads.safetensors"), heads.heads().toTorch(), Map.of("protocol", result.protocol()));
        EvaluationReport.write(out, result);
        run.progress().clear();
        ResultLine line = new ResultLine(result.protocol());
        for (int i = 0; i < scores.size(); i++) {
            String of = scores.size() == 1 ? "" : "_" + config.taps().get(i).key();
            line.percent("top1" + of, scores.get(i).top1())
                    .percent("top5" + of, scores.get(i).top5());
        }
        PrintWriter stdout = spec.commandLine().getOut();
        stdout.print(ResultText.of(result));
        stdout.println(line.with("images", scores.getFirst().labels().length)
                .seconds("seconds", heads.trainedSeconds())
                .with("out", out));
        stdout.flush();
    }
}
