package org.jmoco.moco.command.eval;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.extract.Tap;
import org.jmoco.eval.knn.KnnBenchmark;
import org.jmoco.eval.knn.KnnClassifier;
import org.jmoco.eval.knn.KnnReport;
import org.jmoco.eval.knn.Vote;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.Metric;
import org.jmoco.eval.result.Provenance;
import org.jmoco.eval.result.ResultFolder;
import org.jmoco.moco.command.DeviceOptions;
import org.jmoco.moco.command.OverProcesses;
import org.jmoco.moco.command.ProcessesOptions;
import org.jmoco.moco.command.ResultLine;
import org.jmoco.moco.config.ConfigText;
import org.jmoco.moco.pretrain.TestViews;
import org.jmoco.moco.report.EvaluationReport;
import org.jmoco.nn.Stem;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.nn.data.augment.Preset;
import org.jmoco.nn.data.source.Classified;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.processes.Processes;
import org.jmoco.nn.train.Progress;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.io.ArrayData;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `jmoco knn`: how good an encoder's features are, with nothing trained on them.
@Command(
        name = "knn",
        description = "Classifies test images by a weighted vote of the nearest training images, in the features "
                + "of an encoder.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "For small images the defaults are those of MoCo's CIFAR-10 demo (k 200, temperature 0.1), for "
                    + "ImageNet those of MMSelfSup (k 10, 20, 100, 200, temperature 0.07).",
            "",
            "With --out writes result.json, with the table of classes taken for each other, and "
                    + "items.safetensors, which `jmoco compare` reads.",
            "",
            "Example: jmoco knn --weights runs/demo/final.safetensors --data sample",
            "Example: jmoco knn --weights moco_v2_200ep_pretrain.pth.tar --data data/imagenet --tap avgpool",
            "Example: jmoco knn --features features/train.npy --test-features features/test.npy --k 20"
        })
public final class KnnCommand implements Runnable, OverProcesses {
    @Mixin
    private EncoderOptions encoder;

    @Mixin
    private DataOptions data;

    @Mixin
    private FeatureFileOptions files;

    @Option(
            names = "--list",
            paramLabel = "FILE",
            description = "A list of the training images below DIR: lines 'path label', SimCLR's subset lists, or "
                    + "iNaturalist's JSON. The test images are then those of --test-list, or the data set's own.")
    private Optional<String> list = Optional.empty();

    @Option(names = "--test-list", paramLabel = "FILE", description = "A list of the test images below DIR.")
    private Optional<String> testList = Optional.empty();

    @Option(
            names = "--tap",
            paramLabel = "TAP",
            description = "Which features: avgpool, head, or feature1 … feature5. Default: avgpool. With --features: "
                    + "the array of a .safetensors file.")
    private Optional<String> tap = Optional.empty();

    @Option(
            names = "--k",
            paramLabel = "K",
            split = ",",
            description = "Neighbours that vote; several, with commas, at the cost of one search.")
    private List<Integer> ks = List.of();

    @Option(
            names = "--temperature",
            paramLabel = "T",
            description = "A neighbour votes with weight exp(similarity / T).")
    private Optional<Double> temperature = Optional.empty();

    @Option(
            names = "--views",
            paramLabel = "PRESET",
            description = "How images are prepared: cifar-test (as they are), linear-val (centre crop), svm "
                    + "(squashed). Default: as the weights file says; else cifar-test for a network "
                    + "with the CIFAR stem and linear-val for others.")
    private Optional<String> views = Optional.empty();

    @Option(names = "--out", paramLabel = "DIR", description = "Where the result goes. Default: not written.")
    private Optional<Path> out = Optional.empty();

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "Seed of the weights of --untrained. Default: ${DEFAULT-VALUE}.",
            defaultValue = "0")
    private long seed;

    @Mixin
    private DeviceOptions device;

    @Mixin
    private ProcessesOptions together;

    @Spec
    private CommandSpec spec;

    /// What the numbers depend on, as a result keeps it.
    public record Settings(String tap, List<Integer> k, double temperature, Pipeline views, DataSpec data) {}

    @Override
    public void run() {
        out.ifPresent(ResultFolder::requirePlace);
        if (!files.areSaid()) {
            run(together.join());
            return;
        }
        if (encoder.isSaid() || data.isSaid() || list.isPresent() || testList.isPresent() || views.isPresent()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "give either --features and --test-features, or one of --weights and --untrained with --data");
        }
        if (together.join().count() > 1) {
            throw new ParameterException(
                    spec.commandLine(), "with --features there is nothing that several processes could share out");
        }
        classifyFiles();
    }

    /// What the numbers depend on where features are read.
    public record FileSettings(List<Integer> k, double temperature) {}

    private void classifyFiles() {
        FeatureFileOptions.Both read = files.read(tap);
        FeatureFileOptions.Part train = read.train();
        FeatureFileOptions.Part test = read.test();
        List<Vote> votes = votes(false, train.items());
        Progress progress = Terminal.progress();
        Device opened = device.open().device();
        progress.print("device: " + opened);
        progress.print(train.items() + " training features, " + test.items() + " test features of " + train.dim()
                + " numbers, " + read.names().size() + " classes");
        List<int[]> predictions;
        try (KnnClassifier knn = new KnnClassifier(
                opened, ArrayData.ofFloats(train.values(), train.items(), train.dim()), train.labels())) {
            predictions = knn.predictions(ArrayData.ofFloats(test.values(), test.items(), test.dim()), votes);
        }
        FileSettings settings = new FileSettings(
                votes.stream().map(Vote::k).toList(), votes.getFirst().temperature());
        EvaluationResult result = new KnnReport("files", votes, predictions, test.labels())
                .result(
                        read.names(),
                        read.names().size(),
                        new Provenance("jmoco", new LinkedHashMap<>(ConfigText.flat(settings)), seed, read.inputs()));
        out.ifPresent(folder -> EvaluationReport.write(folder, result));
        print(votes, result.metrics(), "files");
    }

    private void run(Processes processes) {
        Tap from = tap();
        Encoder network = encoder.read(Encoder.Wanted.ANY, seed);
        boolean small = network.net().config().stem() == Stem.CIFAR;
        DataSpec where = data.spec(list, testList);
        Classified images = where.classified();
        ImageSource train = images.train();
        ImageSource test = images.test();
        votes(small, train.size()); // what is wrong is said before hours are spent
        Pipeline pipeline = pipeline(small, where, train);
        Progress progress = ProcessesOptions.progress(processes);
        ProcessesOptions.introduce(processes, progress);
        Terminal.remark(progress, train, test);
        Device opened = device.open().device();
        progress.print("device: " + opened);
        progress.print(network.source() + ": " + network.network() + "; " + train.size() + " training images, "
                + test.size() + " test images, " + pipeline);
        KnnBenchmark.Computed knn =
                new KnnBenchmark(opened, network, from, pipeline, processes).features(where, images);
        List<Vote> votes = votes(small, knn.images());
        KnnReport report = knn.report(votes);
        processes.leave();
        if (processes.number() != 0) {
            return;
        }
        Settings settings = new Settings(
                from.toString(),
                votes.stream().map(Vote::k).toList(),
                votes.getFirst().temperature(),
                pipeline,
                where);
        EvaluationResult result = report.result(
                train.classes(),
                images.classes(),
                BenchmarkConfig.provenance(settings, seed, network, encoder.file(), where, train, test));
        out.ifPresent(folder -> EvaluationReport.write(folder, result));
        print(votes, result.metrics(), from.toString());
    }

    private Tap tap() {
        try {
            return Tap.of(tap.orElse("avgpool"), Tap.Pooling.ADAPTIVE);
        } catch (DataException e) {
            throw new ParameterException(spec.commandLine(), "--tap: " + e.getMessage(), e);
        }
    }

    private List<Vote> votes(boolean small, int images) {
        List<Integer> usual = small ? List.of(200) : List.of(10, 20, 100, 200);
        List<Integer> counts = !ks.isEmpty()
                ? ks
                : usual.stream().map(k -> Math.min(k, images)).distinct().toList();
        List<Vote> votes = new ArrayList<>();
        for (int k : counts) {
            if (k < 1 || k > images) {
                throw new ParameterException(
                        spec.commandLine(), "--k must lie between 1 and the " + images + " training images, got " + k);
            }
            double t = temperature.orElse(small ? 0.1 : 0.07);
            if (!(t > 0)) {
                throw new ParameterException(spec.commandLine(), "--temperature must be above 0, got " + t);
            }
            votes.add(new Vote(k, t));
        }
        return votes;
    }

    private Pipeline pipeline(boolean small, DataSpec where, ImageSource train) {
        if (views.isPresent()) {
            return Preset.of(views.get()).pipeline();
        }
        Map<String, String> said = encoder.facts();
        if (said.containsKey("mean") && said.containsKey("view-width")) {
            return TestViews.of(
                    Integer.parseInt(said.getOrDefault("test-size", said.get("view-width"))),
                    new Normalize(numbers(said.get("mean")), numbers(said.get("std"))),
                    train,
                    where.kindThere().isEquallyLarge());
        }
        return (small ? Preset.CIFAR_TEST : Preset.LINEAR_VAL).pipeline();
    }

    private static List<Double> numbers(String list) {
        return Arrays.stream(list.replaceAll("[\\[\\]]", "").split(",", -1))
                .map(String::strip)
                .map(Double::valueOf)
                .toList();
    }

    private void print(List<Vote> votes, List<Metric> accuracies, String from) {
        PrintWriter stdout = spec.commandLine().getOut();
        ResultLine line = new ResultLine("knn").with("tap", from);
        stdout.println("    k  top-1, %");
        for (int i = 0; i < votes.size(); i++) {
            stdout.printf(
                    Locale.ROOT,
                    "%5d  %8.2f%n",
                    votes.get(i).k(),
                    accuracies.get(i).value());
            line.percent(
                    votes.size() == 1 ? "knn" : "knn" + votes.get(i).k(),
                    accuracies.get(i).value());
        }
        line.with(
                        "k",
                        String.join(
                                ",",
                                votes.stream().map(v -> Integer.toString(v.k())).toList()))
                .with("temperature", votes.getFirst().temperature());
        out.ifPresent(folder -> line.with("out", folder));
        stdout.println(line);
        stdout.flush();
    }
}
