package org.jmoco.moco.command.weights;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jmoco.moco.command.PrefixOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `jmoco weights diff`: where two files differ.
@Command(
        name = "diff",
        description = "Tells where the weights of two files differ, whatever their formats and names. Exits with "
                + "1 if they do.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: jmoco weights diff a/final.safetensors b/final.safetensors --tolerance 1e-6"})
final class DiffWeights implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FIRST", description = "A file.")
    private Path first;

    @Parameters(index = "1", paramLabel = "SECOND", description = "Another file.")
    private Path second;

    @Option(
            names = "--tolerance",
            paramLabel = "T",
            description = "The largest absolute difference that counts as equal. Default: ${DEFAULT-VALUE}.",
            defaultValue = "0")
    private double tolerance;

    @Mixin
    private PrefixOption prefix;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (!(tolerance >= 0)) {
            throw new ParameterException(spec.commandLine(), "--tolerance must be 0 or more, got " + tolerance);
        }
        boolean[] same = {false};
        WeightsConsole.run(spec, prefix.prefix(), tool -> same[0] = tool.diff(first, second, tolerance));
        return same[0] ? 0 : 1;
    }
}
