package org.jmoco.moco.command.eval;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jmoco.eval.extract.Encoder.Wanted;
import org.jmoco.nn.Arch;
import org.jmoco.nn.Stem;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// The network on the command line: what a weights file must hold, or what an untrained encoder is.
final class NetworkOptions {
    @Option(
            names = "--arch",
            paramLabel = "ARCH",
            converter = ArchConverter.class,
            description =
                    "resnet10, resnet18, resnet34, resnet50, resnet101 or resnet152. With --weights the file must hold"
                            + " it; without, the file decides. Default of --untrained: resnet50.")
    private Optional<Arch> arch = Optional.empty();

    @Option(
            names = "--stem",
            paramLabel = "STEM",
            converter = StemConverter.class,
            description = "imagenet (7×7 and pooling), cifar (3×3) or deep (three 3×3 and pooling); as --arch.")
    private Optional<Stem> stem = Optional.empty();

    @Option(
            names = "--width",
            paramLabel = "N",
            description = "Channels of the first stage, 64 in the papers; as --arch.")
    private Optional<Integer> width = Optional.empty();

    private static final class ArchConverter implements ITypeConverter<Arch> {
        @Override
        public Arch convert(String value) {
            return constant(Arch.class, value);
        }
    }

    private static final class StemConverter implements ITypeConverter<Stem> {
        @Override
        public Stem convert(String value) {
            return constant(Stem.class, value);
        }
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String value) {
        for (E e : type.getEnumConstants()) {
            if (e.name().toLowerCase(Locale.ROOT).equals(value)) {
                return e;
            }
        }
        throw new TypeConversionException("must be one of "
                + String.join(
                        ", ",
                        Arrays.stream(type.getEnumConstants())
                                .map(e -> e.name().toLowerCase(Locale.ROOT))
                                .toList())
                + ", got " + value);
    }

    /// @param config what a configuration asks for; options go before it
    Wanted wanted(Wanted config) {
        return new Wanted(arch.or(config::arch), stem.or(config::stem), width.or(config::width));
    }
}
