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
import org.jmoco.eval.segment.SegmentConfig;
import org.jmoco.eval.segment.SegmentData;
import org.jmoco.moco.config.Binder;
import org.jmoco.moco.config.ConfigText;
import org.jmoco.moco.config.ConfigTree;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.optim.Schedule;
import org.jmoco.nn.train.RunIdentity;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// A segmentation benchmark on the command line: its configuration, and the encoder. All of it is optional, since
/// `--predict` needs none; what a command does need it asks for.
final class SegmentOptions {
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

    /// The weights file, if there is one.
    Optional<Path> weights() {
        return weights;
    }

    /// The configuration with every default filled in.
    SegmentConfig config(CommandSpec spec) {
        Path yaml = file.orElseThrow(() -> missing(spec, "--config"));
        List<String> all = new ArrayList<>(overrides);
        seed.ifPresent(s -> all.add("seed=" + s));
        SegmentConfig config = Binder.bind(ConfigTree.override(ConfigTree.read(yaml), all), SegmentConfig.defaults());
        return data.map(folder -> config.withData(config.data().at(folder))).orElse(config);
    }

    /// The encoder.
    Encoder encoder(CommandSpec spec, SegmentConfig config) {
        if (weights.isPresent() == untrained) {
            throw new ParameterException(
                    spec.commandLine(), "name an encoder by --weights, or train an --untrained one; one of them");
        }
        Encoder.Wanted wanted = network.wanted(config.encoder());
        return weights.map(f -> Encoder.read(f, wanted))
                .orElseGet(() -> Encoder.untrained(wanted.config(), config.seed()));
    }

    private static ParameterException missing(CommandSpec spec, String option) {
        return new ParameterException(spec.commandLine(), "Missing required option: " + option);
    }

    /// `segment/NAME`, what was overridden in brackets, and how many images share batch norm's statistics if that
    /// is not the batch.
    String protocol(SegmentConfig config) {
        String differences = BenchmarkConfig.differences(config, written());
        int atOnce = config.recipe().imagesAtOnce();
        boolean whole = atOnce == config.recipe().batch();
        return "segment/" + config.name() + differences
                + (whole || differences.contains("images-at-once") ? "" : " [batch norm of " + atOnce + "]");
    }

    private SegmentConfig written() {
        return Binder.bind(ConfigTree.read(file.orElseThrow()), SegmentConfig.defaults());
    }

    /// What a person should know before the training: that it is another protocol, or looks like a mistake.
    List<String> warnings(SegmentConfig config) {
        List<String> warnings = new ArrayList<>();
        SegmentConfig.Recipe recipe = config.recipe();
        SegmentConfig.Recipe usual = written().recipe();
        if (recipe.imagesAtOnce() != recipe.batch()) {
            warnings.add(recipe.imagesAtOnce() + " images share batch norm's statistics, not the batch of "
                    + recipe.batch() + ": another protocol, " + protocol(config));
        }
        if (recipe.batch() != usual.batch() && recipe.lr() == usual.lr()) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "recipe.batch is %d instead of %d and recipe.lr still %s; by the linear scaling rule it were %.4g",
                    recipe.batch(),
                    usual.batch(),
                    recipe.lr(),
                    Schedule.scaled(recipe.lr(), usual.batch(), recipe.batch())));
        }
        return warnings;
    }

    /// What a result is made from.
    Provenance provenance(SegmentConfig config, Optional<Encoder> encoder, SegmentData data) {
        Map<String, Object> settings = new LinkedHashMap<>(ConfigText.flat(config));
        encoder.ifPresent(e -> {
            settings.put("network", e.network());
            settings.put("encoder", weights.isPresent() ? "from the checkpoint" : e.source());
            settings.put("encoder.sha256", e.fingerprint());
        });
        Provenance made = new Provenance(
                "jmoco",
                settings,
                config.seed(),
                List.of(input("training images", config, data.train()), input("test images", config, data.test())));
        return weights.map(w -> made.plus(Provenance.Input.weights(w))).orElse(made);
    }

    private static Provenance.Input input(String role, SegmentConfig config, ImageSource images) {
        return Provenance.Input.lines(
                role, config.data().path().orElse("") + ", " + images.size(), config.data().ids(images).stream());
    }

    /// What a run is of.
    static RunIdentity identity(SegmentConfig config, Encoder encoder, SegmentData data) {
        return RunIdentity.EMPTY
                .with(ConfigText.flat(config), FREE::contains)
                .with("encoder", encoder.fingerprint())
                .with("the training data", images(config, data.train()))
                .with("the test data", images(config, data.test()))
                .orElse(Map.of("recipe.ranks", "1"));
    }

    /// What must be equal on all processes of a run.
    static Map<String, String> shared(SegmentConfig config, String weights, SegmentData data) {
        Map<String, String> facts = new LinkedHashMap<>(ConfigText.flat(config));
        facts.keySet().removeAll(FREE);
        facts.put("weights", weights);
        facts.put("training data", images(config, data.train()));
        facts.put("test data", images(config, data.test()));
        return facts;
    }

    private static String images(SegmentConfig config, ImageSource images) {
        return images.size() + " images (names " + RunIdentity.digest(config.data().ids(images).stream()) + ")";
    }
}
