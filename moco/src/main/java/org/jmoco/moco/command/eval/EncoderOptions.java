package org.jmoco.moco.command.eval;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.extract.Encoder.Wanted;
import org.jmoco.moco.command.PrefixOption;
import org.jmoco.nn.weights.Weights;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The encoder on the command line: a weights file, or none at all.
final class EncoderOptions {
    @ArgGroup(exclusive = true, multiplicity = "0..1")
    private Origin origin;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Mixin
    private NetworkOptions network;

    @Mixin
    private PrefixOption prefix;

    private Map<String, String> facts = Map.of();

    private static final class Origin {
        @Option(
                names = "--weights",
                required = true,
                paramLabel = "FILE",
                description = "Weights of any known kind: jmoco, official MoCo, mmselfsup, torchvision, "
                        + "detectron2, Hugging Face and more; .safetensors, .pth, .pkl. `bundled` is the encoder that "
                        + "comes with jmoco.")
        private Path weights;

        @Option(
                names = "--untrained",
                required = true,
                description = "An encoder with random weights, to compare with.")
        private boolean untrained;
    }

    /// The weights file, if there is one.
    ///
    /// @throws ParameterException if neither that nor an untrained encoder is asked for
    Optional<Path> file() {
        if (!isSaid()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Missing required argument (specify one of these): (--weights=FILE | --untrained)");
        }
        return Optional.ofNullable(origin.weights);
    }

    /// Whether an encoder is asked for.
    boolean isSaid() {
        return origin != null;
    }

    /// The encoder. The file is read once.
    ///
    /// @param config what a configuration asks for; options go before it
    /// @param seed   of the weights of an untrained one
    Encoder read(Wanted config, long seed) {
        Wanted wanted = network.wanted(config);
        Optional<String> names = prefix.of(file().isPresent());
        if (file().isEmpty()) {
            return Encoder.untrained(wanted.config(), seed);
        }
        Weights weights = Weights.read(file().get(), names);
        facts = weights.facts();
        return Encoder.of(weights, wanted);
    }

    /// What the weights file says beside its arrays, once it has been read; empty without one.
    Map<String, String> facts() {
        return facts;
    }
}
