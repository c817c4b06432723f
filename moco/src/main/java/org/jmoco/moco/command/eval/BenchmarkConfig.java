package org.jmoco.moco.command.eval;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.result.Provenance;
import org.jmoco.moco.config.Binder;
import org.jmoco.moco.config.ConfigText;
import org.jmoco.moco.config.ConfigTree;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.data.source.ImageSource;
import picocli.CommandLine.Option;

/// A benchmark's configuration on the command line: a file and what overrides it. What differs from the file
/// becomes part of the protocol's name.
final class BenchmarkConfig {
    /// Where things are and how fast they go is no part of a protocol, and a seed is not either; nor the ranks
    /// of a segmentation, which decide in which order sums are added; nor what else a suite measures.
    private static final String NO_PROTOCOL =
            "seed|name|cache|tasks|recipe\\.ranks|data\\.(kind|path|list|workers|unreadable|train\\..*|test\\..*)";

    private static final String KIND = "data.kind";
    private static final String SAMPLE = "sample";

    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "The configuration, YAML; those of the model zoo are in configs/benchmarks.")
    private Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Overrides one value, such as recipe.epochs=10; may be given several times.")
    private List<String> overrides = List.of();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The folder of the data set, or the word sample; instead of the configuration's data.path.")
    private Optional<String> data = Optional.empty();

    @Option(names = "--seed", paramLabel = "S", description = "Instead of the configuration's.")
    private Optional<Long> seed = Optional.empty();

    /// The folder that was named, if one was.
    Optional<String> data() {
        return data;
    }

    /// The configuration with every default filled in.
    <R extends Record> R read(R defaults) {
        ConfigTree.Mapping tree = ConfigTree.override(ConfigTree.read(file), overrides);
        return Binder.bind(
                seed.isPresent() ? ConfigTree.override(tree, List.of("seed=" + seed.get())) : tree, defaults);
    }

    /// What a run's folder keeps as its configuration: the encoders' fingerprints above it.
    static String text(Record config, Encoder... encoders) {
        return Stream.of(encoders)
                        .map(e -> "# encoder " + e.fingerprint() + "\n")
                        .collect(Collectors.joining())
                + ConfigText.of(config);
    }

    /// `linear/NAME`, and what was overridden in brackets.
    <R extends Record> String protocol(String benchmark, String name, R effective, R defaults) {
        return benchmark + "/" + name + differences(effective, Binder.bind(ConfigTree.read(file), defaults));
    }

    /// What makes one protocol another: empty, or ` [recipe.epochs=10; data=sample]`.
    static String differences(Record effective, Record written) {
        Map<String, String> asWritten = ConfigText.flat(written);
        Map<String, String> now = ConfigText.flat(effective);
        List<String> differences = new ArrayList<>();
        now.forEach((key, value) -> {
            if (!key.matches(NO_PROTOCOL) && !value.equals(asWritten.get(key))) {
                differences.add(key + "=" + value);
            }
        });
        if (SAMPLE.equals(now.get(KIND)) && !SAMPLE.equals(asWritten.get(KIND))) {
            differences.add("data=" + SAMPLE);
        }
        return differences.isEmpty() ? "" : " [" + String.join("; ", differences) + "]";
    }

    /// What a result is made from: of the images, hashes over names and classes.
    static Provenance provenance(
            Record effective,
            long seed,
            Encoder encoder,
            Optional<Path> weights,
            DataSpec data,
            ImageSource train,
            ImageSource test) {
        return provenance(effective, seed, List.of(encoder), weights.stream().toList(), data, train, test);
    }

    /// The same of several encoders.
    ///
    /// @param weights the files they are from; none if there is one encoder that is untrained
    static Provenance provenance(
            Record effective,
            long seed,
            List<Encoder> encoders,
            List<Path> weights,
            DataSpec data,
            ImageSource train,
            ImageSource test) {
        Map<String, Object> config = new LinkedHashMap<>(ConfigText.flat(effective));
        config.put("network", encoders.getFirst().network());
        config.put(
                "encoder",
                !weights.isEmpty() ? "from the checkpoint" : encoders.getFirst().source());
        config.put(
                "encoder.sha256",
                String.join(" ", encoders.stream().map(Encoder::fingerprint).toList()));
        Provenance made = new Provenance(
                "jmoco",
                config,
                seed,
                List.of(images("training images", data, train), images("test images", data, test)));
        return made.plus(weights.stream().map(w -> Provenance.Input.weights(w)).toArray(Provenance.Input[]::new));
    }

    private static Provenance.Input images(String role, DataSpec data, ImageSource images) {
        List<String> ids = data.ids(images);
        return Provenance.Input.lines(
                role,
                data.path().orElse(SAMPLE) + ", " + images.size(),
                IntStream.range(0, ids.size()).mapToObj(i -> ids.get(i) + " " + images.label(i)));
    }
}
