package org.jmoco.moco.command.eval;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.extract.Encoder.Wanted;
import org.jmoco.moco.command.PrefixOption;
import org.jmoco.nn.data.DataException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// One encoder on the command line, or several that differ in the seed they were trained with.
final class EncodersOptions {
    @ArgGroup(exclusive = true, multiplicity = "1")
    private Origin origin;

    @Mixin
    private NetworkOptions network;

    @Mixin
    private PrefixOption prefix;

    private static final class Origin {
        @Option(
                names = "--weights",
                required = true,
                arity = "1..*",
                paramLabel = "FILE",
                description = "Weights of any known kind: jmoco, official MoCo, mmselfsup, torchvision, "
                        + "detectron2, Hugging Face and more; .safetensors, .pth, .pkl. Several files of one network: one "
                        + "a seed of pre-training.")
        private List<Path> weights = List.of();

        @Option(
                names = "--untrained",
                required = true,
                description = "An encoder with random weights in place of a trained one.")
        private boolean untrained;
    }

    /// The weights files.
    List<Path> files() {
        return origin.weights;
    }

    /// The encoders, at least one.
    ///
    /// @throws DataException if they are not all of one network
    List<Encoder> read() {
        Wanted wanted = network.wanted(Wanted.ANY);
        Optional<String> names = prefix.of(!files().isEmpty());
        if (files().isEmpty()) {
            return List.of(Encoder.untrained(wanted.config(), 0));
        }
        List<Encoder> encoders =
                files().stream().map(f -> Encoder.read(f, names, wanted)).toList();
        Encoder first = encoders.getFirst();
        for (Encoder other : encoders) {
            if (!other.network().equals(first.network())) {
                throw new DataException(other.source() + " is a " + other.network() + ", " + first.source() + " a "
                        + first.network() + "; several --weights must be of one network");
            }
        }
        return encoders;
    }
}
