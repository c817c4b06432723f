package org.jmoco.moco.command.eval;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.extract.EncoderPixels;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.Provenance;
import org.jmoco.eval.result.ResultFolder;
import org.jmoco.eval.result.ResultText;
import org.jmoco.eval.segment.SegmentBenchmark;
import org.jmoco.eval.segment.SegmentConfig;
import org.jmoco.eval.segment.SegmentData;
import org.jmoco.eval.segment.SegmentPictures;
import org.jmoco.eval.segment.SegmentTraining;
import org.jmoco.eval.segment.Segmenter;
import org.jmoco.eval.segment.Segmenters;
import org.jmoco.moco.command.DeviceOptions;
import org.jmoco.moco.command.OverProcesses;
import org.jmoco.moco.command.ProcessesOptions;
import org.jmoco.moco.command.ResultLine;
import org.jmoco.moco.command.Stoppable;
import org.jmoco.moco.pretrain.SameRun;
import org.jmoco.moco.report.EvaluationReport;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.processes.mpi.MpiProcesses;
import org.jmoco.nn.train.Progress;
import org.jmoco.nn.train.Run;
import org.jmoco.nn.train.RunIdentity;
import org.jmoco.nn.train.RunOptions;
import org.jmoco.nn.train.Saving;
import org.jmoco.nn.train.TrainingLoop;
import org.jmoco.tensor.Device;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `jmoco segment`: an encoder becomes a network that labels every pixel.
@Command(
        name = "segment",
        description = "Trains a fully convolutional network (FCN) on an encoder, and measures by mean intersection over"
                + " union how well it labels the pixels of the test images. With --predict, draws what a trained"
                + " one says of images.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Writes final.safetensors (MMSegmentation's names), result.json, items.safetensors (every test image's "
                    + "pixels, for compare), report.html with test images, metrics.jsonl and checkpoints/ to --out.",
            "",
            "Example: jmoco segment --config configs/benchmarks/fcn_r18w16-d4_scenes.yaml --weights "
                    + "runs/cifar/final.safetensors --data data/scenes --out runs/scenes",
            "Example: jmoco segment --predict photo.jpg --model runs/scenes",
            "Exit codes: 0 done, 1 the run could not start or go on, 2 wrong command line, 130 asked to stop and saved."
        })
public final class SegmentCommand implements Callable<Integer>, OverProcesses {
    @Mixin
    private DenseOptions options;

    @Option(names = "--out", paramLabel = "DIR", description = "The folder of this run.")
    private Optional<Path> out = Optional.empty();

    @Option(names = "--resume", description = "Goes on with a run that was interrupted.")
    private boolean resume;

    @Option(
            names = "--eval-only",
            description = "Trains nothing: measures the segmenter in --weights, ours or of MMSegmentation's zoo; "
                    + "without --weights the one in --out.")
    private boolean evalOnly;

    @Option(
            names = "--save-every",
            paramLabel = "SECONDS",
            description = "A checkpoint is made after a step if the last one is so old. Default: ${DEFAULT-VALUE}.",
            defaultValue = "300")
    private long saveEvery;

    @Option(
            names = "--predict",
            arity = "1..*",
            paramLabel = "IMAGE",
            description = "Images to label, or folders of them.")
    private List<Path> predict = List.of();

    @Option(
            names = "--model",
            paramLabel = "RUN",
            description = "With --predict: the folder of a run, whose trained network labels them.")
    private Optional<Path> model = Optional.empty();

    @Mixin
    private DeviceOptions device;

    @Mixin
    private MemoryOptions memory;

    @Mixin
    private ProcessesOptions together;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (!predict.isEmpty()) {
            if (MpiProcesses.launched() > 1) {
                throw MpiProcesses.forAll(
                        "--predict labels images in one process: start it without mpirun or srun", null);
            }
            Path run = model.orElseThrow(() -> new ParameterException(
                    spec.commandLine(), "--predict needs --model, the folder of a run that trained a segmenter"));
            SegmentPrediction.run(
                    run,
                    predict,
                    out,
                    device.open().device(),
                    spec.commandLine().getOut());
            return 0;
        }
        if (model.isPresent()) {
            throw new ParameterException(spec.commandLine(), "--model goes with --predict; --weights names an encoder");
        }
        Path folder =
                out.orElseThrow(() -> new ParameterException(spec.commandLine(), "Missing required option: --out"));
        SegmentConfig config = config();
        return Stoppable.run("go on with --resume", together::join, how -> {
            Device opened = device.open().device();
            memory.applyTo(opened);
            Bench bench = new Bench(config, protocol(config), folder, opened, how.withResume(resume));
            if (evalOnly) {
                evaluate(bench);
            } else {
                train(bench);
            }
            return 0;
        });
    }

    private SegmentConfig config() {
        SegmentConfig config = options.config(spec, SegmentConfig.defaults());
        return options.data()
                .map(folder -> config.withData(config.data().at(folder)))
                .orElse(config);
    }

    private String protocol(SegmentConfig config) {
        return options.protocol(
                "segment", config.name(), config, options.written(SegmentConfig.defaults()), batch(config));
    }

    private static DenseOptions.Batch batch(SegmentConfig config) {
        SegmentConfig.Recipe recipe = config.recipe();
        return new DenseOptions.Batch(recipe.batch(), recipe.imagesAtOnce(), recipe.lr());
    }

    private static DenseOptions.Images images(SegmentConfig config, SegmentData data) {
        return new DenseOptions.Images(config.data(), data.train(), data.test());
    }

    /// What is measured where.
    private record Bench(SegmentConfig config, String protocol, Path out, Device device, RunOptions how) {}

    private static SegmentData open(Bench bench) {
        SegmentData data = SegmentData.open(bench.config.data());
        print(
                bench,
                String.format(Locale.ROOT, "%,d training images, ", data.train().size()),
                data);
        return data;
    }

    private static void print(Bench bench, String first, SegmentData data) {
        String line = String.format(
                Locale.ROOT,
                "%s%,d test images, %d classes",
                first,
                data.test().size(),
                data.names().size());
        bench.how.progress().print(line);
    }

    private void train(Bench bench) {
        SegmentConfig config = bench.config;
        Encoder encoder = options.encoder(spec, config.encoder(), config.seed());
        bench.how.progress().print(options.taken(encoder));
        DenseOptions.warnings(batch(config), batch(options.written(SegmentConfig.defaults())), bench.protocol)
                .forEach(w -> bench.how.progress().print("warning: " + w));
        SegmentData data = open(bench);
        Normalize normalize =
                EncoderPixels.of(options.weights(), encoder.net().config().stem());
        requireSame(bench, encoder.fingerprint(), data);
        SegmentTraining.Start start = new SegmentTraining.Start(encoder, normalize, data.names());
        SegmentTraining.Manner manner = new SegmentTraining.Manner(
                bench.device, Saving.everySeconds(saveEvery), config.data().threads(), bench.how.processes(), "");
        try (SegmentTraining training = new SegmentTraining(config, start, data.train(), manner)) {
            training.requireRoom();
            run(bench, encoder, data, training);
        }
    }

    private void run(Bench bench, Encoder encoder, SegmentData data, SegmentTraining training) {
        SegmentConfig config = bench.config;
        DenseOptions.Images images = images(config, data);
        RunIdentity identity = DenseOptions.identity(config, encoder, images).orElse(Map.of("recipe.ranks", "1"));
        try (Run run = Run.open(bench.out, identity, bench.how, ResultFolder.RESULT)) {
            run.folder().ifPresent(f -> f.writeConfig(BenchmarkConfig.text(config, encoder)));
            double seconds = TrainingLoop.run(run, training).orStopped().seconds();
            Provenance made = options.provenance(config, config.seed(), Optional.of(encoder), images);
            measure(bench, data, training.net(), training.normalize(), made, seconds);
        }
    }

    /// Whether all processes would compute the same.
    private static void requireSame(Bench bench, String weights, SegmentData data) {
        bench.how.processes().phase("the start of the run");
        SameRun.require(
                bench.how.processes(),
                DenseOptions.shared(bench.config, weights, images(bench.config, data)),
                bench.device);
    }

    private void evaluate(Bench bench) {
        SegmentConfig config = bench.config;
        Path file = EvaluatedWeights.of(options.weights(), bench.out, "segmenter");
        SegmentData data = SegmentData.ofTest(config.data());
        print(bench, "", data);
        Segmenter net =
                Segmenters.read(file, config.model().options(data.names().size()));
        requireSame(bench, Provenance.Input.file("weights", file).sha256(), data);
        int tensors = net.named().size();
        bench.how.progress().print(String.format(Locale.ROOT, "%d of %d tensors of %s", tensors, tensors, file));
        measure(
                bench,
                data,
                net,
                EncoderPixels.of(file, net.backbone().config().stem()),
                options.provenance(config, config.seed(), Optional.empty(), images(config, data)),
                0);
    }

    private void measure(
            Bench bench, SegmentData data, Segmenter net, Normalize normalize, Provenance made, double seconds) {
        Progress progress = bench.how.progress();
        EvaluationResult result;
        try (SegmentBenchmark benchmark = new SegmentBenchmark(bench.config, net, normalize, bench.device)) {
            SegmentBenchmark.Counted counted = benchmark.count(
                    data.test(),
                    bench.how.processes(),
                    bench.how.stop(),
                    (done, of) -> progress.show(
                            System.nanoTime(), String.format(Locale.ROOT, "test images %,d/%,d", done, of)));
            if (bench.how.processes().number() != 0) {
                return;
            }
            result = benchmark.result(bench.protocol, data.names(), data.train().size(), counted, made);
            SegmentPictures.write(bench.out, benchmark, data.test(), counted);
        }
        EvaluationReport.write(bench.out, result);
        progress.clear();
        PrintWriter stdout = spec.commandLine().getOut();
        stdout.print(ResultText.of(result));
        ResultLine line = new ResultLine(result.protocol());
        result.metrics().forEach(m -> line.percent(m.name(), m.value()));
        stdout.println(line.with("images", data.test().size())
                .seconds("seconds", seconds)
                .with("out", bench.out));
        stdout.flush();
    }
}
