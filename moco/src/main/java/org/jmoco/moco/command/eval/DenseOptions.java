package org.jmoco.moco.command.eval;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.result.Provenance;
import org.jmoco.moco.config.Binder;
import org.jmoco.moco.config.ConfigText;
import org.jmoco.moco.config.ConfigTree;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.optim.Schedule;
import org.jmoco.nn.train.RunIdentity;
import org.jmoco.nn.weights.Weights;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// A benchmark of whole scenes on the command line, segmentation or detection: its configuration, and the encoder.
/// All of it is optional, since `--predict` needs none; what a command does need it asks for.
final class DenseOptions {
    /// Where things are and how fast they go.
    private static final Set<String> FREE = Set.of("data.path", "data.workers");

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration, YAML; those of the model zoo are in configs/benchmarks.")
    private Optional<Path> file = Optional.empty();

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Overrides one value, such as recipe.iterations=100; may be given several times.")
    private List<String> overrides = List.of();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The folder of the data set, instead of the configuration's data.path.")
    private Optional<String> data = Optional.empty();

    @Option(names = "--seed", paramLabel = "S", description = "Instead of the configuration's.")
    private Optional<Long> seed = Optional.empty();

    @Option(
            names = "--weights",
            paramLabel = "FILE",
            description = "Weights of any known kind: jmoco, official MoCo, mmselfsup, torchvision, detectron2; "
                    + ".safetensors, .pth, .pkl.")
    private Optional<Path> weights = Optional.empty();

    @Option(names = "--untrained", description = "An encoder with random weights, to compare with.")
    private boolean untrained;

    @Mixin
    private NetworkOptions network;

    /// How a batch is computed, and the rate that goes with it.
    ///
    /// @param images a step   @param atOnce of them share batch norm's statistics   @param rate of learning
    record Batch(int images, int atOnce, double rate) {}

    /// The images of a run and where they are.
    ///
    /// @param train none where nothing is trained
    record Images(DataSpec data, ImageSource train, ImageSource test) {}

    /// The weights file, if there is one.
    Optional<Path> weights() {
        return weights;
    }

    /// The folder that was named instead of the configuration's.
    Optional<String> data() {
        return data;
    }

    /// The configuration with every default filled in; the folder of the data is the caller's matter.
    <C extends Record> C config(CommandSpec spec, C defaults) {
        Path yaml =
                file.orElseThrow(() -> new ParameterException(spec.commandLine(), "Missing required option: --config"));
        List<String> all = new ArrayList<>(overrides);
        seed.ifPresent(s -> all.add("seed=" + s));
        return Binder.bind(ConfigTree.override(ConfigTree.read(yaml), all), defaults);
    }

    /// The configuration as it is in its file.
    <C extends Record> C written(C defaults) {
        return Binder.bind(ConfigTree.read(file.orElseThrow()), defaults);
    }

    /// The encoder.
    ///
    /// @param wanted by the configuration   @param seedOfConfig for an untrained one
    Encoder encoder(CommandSpec spec, Encoder.Wanted wanted, long seedOfConfig) {
        if (weights.isPresent() == untrained) {
            throw new ParameterException(
                    spec.commandLine(), "name an encoder by --weights, or train an --untrained one; one of them");
        }
        Encoder.Wanted all = network.wanted(wanted);
        return weights.map(f -> Encoder.read(f, all)).orElseGet(() -> Encoder.untrained(all.config(), seedOfConfig));
    }

    /// What was taken from where, for people.
    String taken(Encoder encoder) {
        return weights.map(f -> {
                    int tensors = Weights.read(f).backbone().size();
                    return String.format(
                            Locale.ROOT, "%d of %d tensors of %s: %s", tensors, tensors, f, encoder.network());
                })
                .orElseGet(() -> encoder.source() + ": " + encoder.network());
    }

    /// `detect/NAME`, what was overridden in brackets, and how many images share batch norm's statistics if that
    /// is not the batch.
    String protocol(String benchmark, String name, Record config, Record written, Batch batch) {
        String differences = BenchmarkConfig.differences(config, written);
        boolean whole = batch.atOnce == batch.images;
        return benchmark + "/" + name + differences
                + (whole || differences.contains("images-at-once") ? "" : " [batch norm of " + batch.atOnce + "]");
    }

    /// What a person should know before the training: that it is another protocol, or looks like a mistake.
    ///
    /// @param usual as the configuration's file has it   @param protocol its name
    static List<String> warnings(Batch batch, Batch usual, String protocol) {
        List<String> warnings = new ArrayList<>();
        if (batch.atOnce != batch.images) {
            warnings.add(batch.atOnce + " images share batch norm's statistics, not the batch of " + batch.images
                    + ": another protocol, " + protocol);
        }
        if (batch.images != usual.images && batch.rate == usual.rate) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "recipe.batch is %d instead of %d and recipe.lr still %s; by the linear scaling rule it were %.4g",
                    batch.images,
                    usual.images,
                    batch.rate,
                    Schedule.scaled(batch.rate, usual.images, batch.images)));
        }
        return warnings;
    }

    /// What a result is made from.
    Provenance provenance(Record config, long seedOfConfig, Optional<Encoder> encoder, Images images) {
        Map<String, Object> settings = new LinkedHashMap<>(ConfigText.flat(config));
        encoder.ifPresent(e -> {
            settings.put("network", e.network());
            settings.put("encoder", weights.isPresent() ? "from the checkpoint" : e.source());
            settings.put("encoder.sha256", e.fingerprint());
        });
        Provenance made = new Provenance(
                "jmoco",
                settings,
                seedOfConfig,
                images.train.size() == 0
                        ? List.of(input("test images", images.data, images.test))
                        : List.of(
                                input("training images", images.data, images.train),
                                input("test images", images.data, images.test)));
        return weights.map(w -> made.plus(Provenance.Input.weights(w))).orElse(made);
    }

    private static Provenance.Input input(String role, DataSpec data, ImageSource images) {
        return Provenance.Input.lines(role, data.path().orElse("") + ", " + images.size(), data.ids(images).stream());
    }

    /// What a run is of.
    static RunIdentity identity(Record config, Encoder encoder, Images images) {
        return RunIdentity.EMPTY
                .with(ConfigText.flat(config), FREE::contains)
                .with("encoder", encoder.fingerprint())
                .with("the training data", names(images.data, images.train))
                .with("the test data", names(images.data, images.test));
    }

    /// What must be equal on all processes of a run.
    static Map<String, String> shared(Record config, String weights, Images images) {
        Map<String, String> facts = new LinkedHashMap<>(ConfigText.flat(config));
        facts.keySet().removeAll(FREE);
        facts.put("weights", weights);
        facts.put("training data", names(images.data, images.train));
        facts.put("test data", names(images.data, images.test));
        return facts;
    }

    private static String names(DataSpec data, ImageSource images) {
        return images.size() + " images (names " + RunIdentity.digest(data.ids(images).stream()) + ")";
    }
}
