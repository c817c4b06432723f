package org.jmoco.moco.command.eval;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jmoco.eval.detect.DetectBenchmark;
import org.jmoco.eval.detect.DetectConfig;
import org.jmoco.eval.detect.DetectData;
import org.jmoco.eval.detect.DetectPictures;
import org.jmoco.eval.detect.DetectTraining;
import org.jmoco.eval.detect.Detector;
import org.jmoco.eval.detect.DetectorFiles;
import org.jmoco.eval.detect.Detectors;
import org.jmoco.eval.detections.Detections;
import org.jmoco.eval.detections.DetectionsJson;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.extract.EncoderPixels;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.Provenance;
import org.jmoco.eval.result.ResultFolder;
import org.jmoco.eval.result.ResultText;
import org.jmoco.moco.command.DeviceOptions;
import org.jmoco.moco.command.ResultLine;
import org.jmoco.moco.command.Stoppable;
import org.jmoco.moco.report.EvaluationReport;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.train.Progress;
import org.jmoco.nn.train.Run;
import org.jmoco.nn.train.RunOptions;
import org.jmoco.nn.train.Saving;
import org.jmoco.nn.train.StoppedException;
import org.jmoco.nn.train.TrainingLoop;
import org.jmoco.tensor.Device;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `jmoco detect`: an encoder becomes a network that finds objects.
@Command(
        name = "detect",
        description =
                "Trains Faster R-CNN or Mask R-CNN on an encoder, and measures by average precision how well it finds "
                        + "the objects of the test images. With --predict, draws what a trained one finds in images.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Writes final.safetensors, result.json, detections.json (COCO's form), items.safetensors (every "
                    + "detection, for compare), report.html with test images, metrics.jsonl and checkpoints/ to --out.",
            "",
            "Example: jmoco detect --config configs/benchmarks/faster_rcnn_r18w16_c4_scenes.yaml --weights "
                    + "runs/cifar/final.safetensors --data data/scenes --out runs/scenes-c4",
            "Example: jmoco detect --predict photo.jpg --model runs/scenes-c4",
            "Example: jmoco detect --predict photo.jpg --config configs/benchmarks/maskrcnn_resnet50_fpn_coco.yaml "
                    + "--weights maskrcnn_resnet50_fpn_coco-bf2d0c1e.pth",
            "Exit codes: 0 done, 1 the run could not start or go on, 2 wrong command line, 130 asked to stop and saved."
        })
public final class DetectCommand implements Callable<Integer> {
    @Mixin
    private DenseOptions options;

    @Option(names = "--out", paramLabel = "DIR", description = "The folder of this run.")
    private Optional<Path> out = Optional.empty();

    @Option(names = "--resume", description = "Goes on with a run that was interrupted.")
    private boolean resume;

    @Option(
            names = "--eval-only",
            description =
                    "Trains nothing: measures the detector in --weights, ours or one of MMDetection, detectron2 or "
                            + "torchvision, or without --weights the one in --out.")
    private boolean evalOnly;

    @Option(
            names = "--save-every",
            paramLabel = "SECONDS",
            description = "A checkpoint is made after a step if the last one is so old. Default: ${DEFAULT-VALUE}.",
            defaultValue = "300")
    private long saveEvery;

    @Option(names = "--predict", arity = "1..*", paramLabel = "IMAGE", description = "Images to find objects in.")
    private List<Path> predict = List.of();

    @Option(
            names = "--model",
            paramLabel = "RUN",
            description = "With --predict: the folder of a run, whose trained network looks at them. Without it "
                    + "--config and --weights say which one does.")
    private Optional<Path> model = Optional.empty();

    @Mixin
    private DeviceOptions device;

    @Mixin
    private MemoryOptions memory;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (!predict.isEmpty()) {
            DetectPrediction prediction = model.map(DetectPrediction::of).orElseGet(this::otherwise);
            prediction.run(
                    predict,
                    out.or(() -> model.map(run -> run.resolve(DetectPrediction.FOLDER)))
                            .orElse(Path.of(DetectPrediction.FOLDER)),
                    device.open().device(),
                    spec.commandLine().getOut());
            return 0;
        }
        if (model.isPresent()) {
            throw new ParameterException(spec.commandLine(), "--model goes with --predict; --weights names an encoder");
        }
        Path folder =
                out.orElseThrow(() -> new ParameterException(spec.commandLine(), "Missing required option: --out"));
        DetectConfig config = config();
        return Stoppable.run("go on with --resume", how -> {
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

    /// What looks at images without a run.
    private DetectPrediction otherwise() {
        if (options.weights().isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--predict needs --model, the folder of a run that trained a detector, or --weights and --config");
        }
        return new DetectPrediction(config(), options.weights().get());
    }

    private DetectConfig config() {
        DetectConfig config = options.config(spec, DetectConfig.defaults());
        return options.data()
                .map(folder -> config.withData(config.data().at(folder)))
                .orElse(config);
    }

    private String protocol(DetectConfig config) {
        return options.protocol(
                "detect", config.name(), config, options.written(DetectConfig.defaults()), batch(config));
    }

    private static DenseOptions.Batch batch(DetectConfig config) {
        DetectConfig.Recipe recipe = config.recipe();
        return new DenseOptions.Batch(recipe.batch(), recipe.imagesAtOnce(), recipe.lr());
    }

    private static DenseOptions.Images images(DetectConfig config, DetectData data) {
        return new DenseOptions.Images(config.data(), data.train(), data.test());
    }

    /// What is measured where.
    private record Bench(DetectConfig config, String protocol, Path out, Device device, RunOptions how) {}

    private static DetectData open(Bench bench) {
        DetectData data = DetectData.open(bench.config);
        String line = String.format(
                Locale.ROOT,
                "%,d training images, %,d test images, %d classes",
                data.train().size(),
                data.test().size(),
                data.names().size());
        bench.how.progress().print(line);
        return data;
    }

    private void train(Bench bench) {
        DetectConfig config = bench.config;
        Encoder encoder = options.encoder(spec, config.encoder(), config.seed());
        bench.how.progress().print(options.taken(encoder));
        DenseOptions.warnings(batch(config), batch(options.written(DetectConfig.defaults())), bench.protocol)
                .forEach(w -> bench.how.progress().print("warning: " + w));
        DetectData data = open(bench);
        data.remarks().forEach(bench.how.progress()::print);
        Normalize normalize =
                EncoderPixels.of(options.weights(), encoder.net().config().stem());
        DetectTraining.Start start = new DetectTraining.Start(encoder, normalize, data.names());
        DetectTraining.Manner manner = new DetectTraining.Manner(
                bench.device, Saving.everySeconds(saveEvery), config.data().threads(), "");
        try (DetectTraining training = new DetectTraining(config, start, data.train(), manner)) {
            training.requireRoom();
            run(bench, encoder, data, training);
        }
    }

    private void run(Bench bench, Encoder encoder, DetectData data, DetectTraining training) {
        DetectConfig config = bench.config;
        DenseOptions.Images images = images(config, data);
        try (Run run = Run.open(
                bench.out,
                DenseOptions.identity(config, encoder, images),
                bench.how,
                ResultFolder.RESULT,
                DetectBenchmark.DETECTIONS)) {
            run.folder().orElseThrow().writeConfig(BenchmarkConfig.text(config, encoder));
            double seconds = TrainingLoop.run(run, training).orStopped().seconds();
            Provenance made = options.provenance(config, config.seed(), Optional.of(encoder), images);
            measure(bench, data, training.benchmark(), made, seconds);
        }
    }

    private void evaluate(Bench bench) {
        DetectConfig config = bench.config;
        Path file = EvaluatedWeights.of(options.weights(), bench.out, "detector");
        DetectData data = DetectData.ofTest(config);
        bench.how
                .progress()
                .print(String.format(
                        Locale.ROOT,
                        "%,d test images, %d classes",
                        data.test().size(),
                        data.names().size()));
        Detector net = DetectorFiles.read(file, config);
        int[] labels = Detectors.labels(file, net, data.truth().categoryIds());
        int tensors = net.named().size();
        bench.how.progress().print(String.format(Locale.ROOT, "%d of %d tensors of %s", tensors, tensors, file));
        Normalize normalize = DetectorFiles.pixels(file, net.encoder().stem());
        Provenance made = options.provenance(config, config.seed(), Optional.empty(), images(config, data));
        measure(bench, data, new DetectBenchmark(config, net, normalize, bench.device, labels), made, 0);
    }

    private void measure(Bench bench, DetectData data, DetectBenchmark detector, Provenance made, double seconds) {
        Progress progress = bench.how.progress();
        EvaluationResult result;
        try (DetectBenchmark benchmark = detector) {
            List<Detections> found = benchmark.detect(data, (done, of) -> {
                if (bench.how.stop().getAsBoolean()) {
                    throw new StoppedException("stopped; the training is kept, the test begins anew");
                }
                progress.show(System.nanoTime(), String.format(Locale.ROOT, "test images %,d/%,d", done, of));
            });
            result = benchmark.result(bench.protocol, data, found, made);
            DetectionsJson.write(bench.out.resolve(DetectBenchmark.DETECTIONS), data.truth(), found);
            DetectPictures.write(bench.out, data, found);
        }
        EvaluationReport.write(bench.out, result);
        progress.clear();
        PrintWriter stdout = spec.commandLine().getOut();
        stdout.print(ResultText.of(result));
        ResultLine line = new ResultLine(result.protocol());
        result.metrics().forEach(m -> line.percent(m.name().replace(" ", ""), m.value()));
        stdout.println(line.with("images", data.test().size())
                .seconds("seconds", seconds)
                .with("out", bench.out));
        stdout.flush();
    }
}
