package org.jmoco.moco.command.eval;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.extract.Encoder.Wanted;
import org.jmoco.eval.extract.FeatureFolder;
import org.jmoco.eval.extract.Tap;
import org.jmoco.eval.result.Provenance;
import org.jmoco.eval.svm.CostList;
import org.jmoco.eval.svm.SvmData;
import org.jmoco.eval.svm.SvmImages;
import org.jmoco.moco.command.DeviceOptions;
import org.jmoco.moco.command.PrefixOption;
import org.jmoco.moco.command.ProcessesOptions;
import org.jmoco.moco.command.ToleranceOptions;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.processes.Processes;
import org.jmoco.nn.train.Progress;
import org.jmoco.tensor.Device;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// What `svm` and `lowshot` have in common: features from files or from images, costs, where results go.
final class SvmOptions {
    @Option(
            names = "--features",
            paramLabel = "FILE",
            description = "Training features [n, d], .npy or .safetensors, as `jmoco extract` writes them.")
    private Optional<Path> features = Optional.empty();

    @Option(
            names = "--labels",
            paramLabel = "FILE",
            description = "Their labels: [n, classes] of 1 (in the class), 0 (not in it), -1 (ignored, as VOC's "
                    + "\"difficult\"), or class numbers [n]. Default: those beside or in the file of features. "
                    + "Class names in NAME.classes.txt beside them match the parts.")
    private Optional<Path> labels = Optional.empty();

    @Option(names = "--test-features", paramLabel = "FILE", description = "Test features [m, d].")
    private Optional<Path> testFeatures = Optional.empty();

    @Option(names = "--test-labels", paramLabel = "FILE", description = "Their labels.")
    private Optional<Path> testLabels = Optional.empty();

    @Option(
            names = "--weights",
            paramLabel = "FILE",
            description = "Instead of features, with --data: the weights of an encoder, of any known kind.")
    private Optional<Path> weights = Optional.empty();

    @Option(
            names = "--untrained",
            description = "Instead of --weights: an encoder with random weights, to compare with.")
    private boolean untrained;

    @Mixin
    private NetworkOptions network;

    @Mixin
    private PrefixOption prefix;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "With --weights or --untrained: VOC2007 (the folder, or the VOCdevkit around it), or "
                    + "another labelled data set.")
    private Optional<String> data = Optional.empty();

    @Mixin
    private ToleranceOptions tolerance;

    @Option(
            names = "--tap",
            paramLabel = "TAP",
            description = "feature1 … feature5, avgpool or head. Default: feature5 for VOC, else avgpool. With "
                    + "--features: the array of a .safetensors file.")
    private Optional<String> tap = Optional.empty();

    @Option(
            names = "--pool",
            paramLabel = "FORM",
            defaultValue = "specified",
            description = "How feature1 … feature5 are pooled: specified or adaptive. Default: ${DEFAULT-VALUE}.")
    private String pool;

    @Option(
            names = "--cache-dir",
            paramLabel = "DIR",
            description = "Where computed features are kept; the command finds them there, and goes on with them "
                    + "when it was interrupted. Default: not kept.")
    private Optional<Path> cache = Optional.empty();

    @Option(
            names = "--preset",
            paramLabel = "NAME",
            defaultValue = "mmselfsup",
            description = "The costs of mmselfsup, fair or vissl. Default: ${DEFAULT-VALUE}.")
    private String preset;

    @Option(
            names = "--costs",
            paramLabel = "C,…",
            description = "Costs of one's own, such as 1,10,100; of equally good ones the first is taken.")
    private Optional<String> costs = Optional.empty();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Where result.json and items.safetensors go; `jmoco compare` reads them. Default: not written.")
    private Optional<Path> out = Optional.empty();

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "0",
            description = "Of whatever is drawn: intervals, draws, an untrained encoder. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Mixin
    private DeviceOptions device;

    @Mixin
    private ProcessesOptions together;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    long seed() {
        return seed;
    }

    Optional<Path> out() {
        return out;
    }

    CostList costs() {
        try {
            return costs.map(CostList::parse).orElseGet(() -> CostList.named(preset));
        } catch (DataException e) {
            throw new ParameterException(
                    spec.commandLine(), (costs.isPresent() ? "--costs: " : "--preset: ") + e.getMessage(), e);
        }
    }

    /// Reads or computes the features.
    ///
    /// @return empty on all processes but the first, which goes on alone
    Optional<SvmData> read(Progress progress) {
        boolean encoder = weights.isPresent() || untrained;
        prefix.of(weights.isPresent());
        if (features.isPresent() == encoder || (weights.isPresent() && untrained)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "give either --features and --test-features, or one of --weights and --untrained with --data");
        }
        Processes processes = together.join();
        if (!encoder) {
            if (processes.count() > 1) {
                throw new ParameterException(
                        spec.commandLine(),
                        "with --features there is nothing that " + processes.count()
                                + " processes could share out: start it without mpirun or srun");
            }
            return Optional.of(fromFiles());
        }
        Progress seen = processes.number() == 0 ? progress : Progress.silent();
        ProcessesOptions.introduce(processes, seen);
        Optional<SvmData> read = fromImages(seen, processes);
        processes.leave();
        return read;
    }

    private SvmData fromFiles() {
        if (testFeatures.isEmpty() || data.isPresent()) {
            throw new ParameterException(
                    spec.commandLine(),
                    testFeatures.isEmpty()
                            ? "--features needs --test-features"
                            : "--data belongs to --weights or --untrained, not to --features");
        }
        FeatureFiles files = new FeatureFiles(tap);
        FeatureFiles.Part train = files.read("train", features.orElseThrow(), labels, Optional.empty());
        FeatureFiles.Part test = files.read("test", testFeatures.get(), testLabels, Optional.of(train.labels()));
        return new SvmData(
                train.features(), train.labels(), test.features(), test.labels(), Map.of(), files.inputs(), "");
    }

    private Optional<SvmData> fromImages(Progress progress, Processes processes) {
        if (data.isEmpty() || labels.isPresent() || testFeatures.isPresent() || testLabels.isPresent()) {
            throw new ParameterException(
                    spec.commandLine(),
                    data.isEmpty()
                            ? "--weights and --untrained need --data"
                            : "labels and test features come with --data, not from files");
        }
        Tap.Pooling pooling = switch (pool) {
            case "specified" -> Tap.Pooling.SPECIFIED;
            case "adaptive" -> Tap.Pooling.ADAPTIVE;
            default ->
                throw new ParameterException(spec.commandLine(), "--pool must be specified or adaptive, got " + pool);
        };
        DataSpec images = tolerance.apply(DataSpec.DEFAULT).at(data.get());
        Tap chosen = tap.map(t -> Tap.of(t, pooling)).orElseGet(() -> SvmImages.usualTap(images, pooling));
        Device opened = device.open().device();
        Wanted wanted = network.wanted(Wanted.ANY);
        Encoder encoder = weights.map(w -> Encoder.read(w, prefix.prefix(), wanted))
                .orElseGet(() -> Encoder.untrained(wanted.config(), seed));
        progress.print(encoder.source() + ": " + encoder.network());
        Optional<SvmData> read =
                new SvmImages(opened, encoder, chosen, cache, listener(progress)).read(images, processes);
        return weights.isEmpty() ? read : read.map(r -> r.with(Provenance.Input.weights(weights.get())));
    }

    private static SvmImages.Listener listener(Progress progress) {
        return new SvmImages.Listener() {
            @Override
            public void opened(ImageSource train, ImageSource test) {
                Terminal.remark(progress, train, test);
            }

            @Override
            public void computing(String what, int images) {
                progress.print(what + ": computing features of " + images + " images");
            }

            @Override
            public FeatureFolder.Listener extraction(String part) {
                return Terminal.extraction(progress, part + " features");
            }
        };
    }

    /// What a result is made from.
    ///
    /// @param config settings of the command, which follow those of the features
    Provenance provenance(SvmData read, Map<String, Object> config) {
        Map<String, Object> all = new LinkedHashMap<>(read.config());
        all.put("costs", costs().costs());
        all.putAll(config);
        return new Provenance("jmoco", all, seed, List.copyOf(read.inputs()));
    }
}
