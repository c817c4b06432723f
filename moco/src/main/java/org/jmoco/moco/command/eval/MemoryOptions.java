package org.jmoco.moco.command.eval;

import java.util.Arrays;
import java.util.Locale;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.plan.MemoryMode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// What training may cost to need less memory: `--memory`. Pre-training has it in its configuration.
final class MemoryOptions {
    @Option(
            names = "--memory",
            paramLabel = "MODE",
            converter = ModeConverter.class,
            defaultValue = "auto",
            description = "auto: values of the forward pass are computed again where a step would not fit; least: up "
                    + "to a tenth of its work in any case. The results are the same. Default: ${DEFAULT-VALUE}.")
    private MemoryMode mode;

    private static final class ModeConverter implements ITypeConverter<MemoryMode> {
        @Override
        public MemoryMode convert(String value) {
            return Arrays.stream(MemoryMode.values())
                    .filter(m -> m.name().toLowerCase(Locale.ROOT).equals(value))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException("must be auto or least, got '" + value + "'"));
        }
    }

    /// Has a device plan so from now on.
    void applyTo(Device device) {
        device.memoryMode(mode);
    }
}
