package org.jmoco.moco.command.weights;

import java.nio.file.Path;
import org.jmoco.moco.command.PrefixOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `jmoco weights inspect`: what a file holds.
@Command(
        name = "inspect",
        description = "Tells what a file holds: format, layout, network, missing and unexpected keys, and each "
                + "array with type, shape and range. Nothing in the file is executed.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: jmoco weights inspect moco_v2_200ep_pretrain.pth.tar"})
final class InspectWeights implements Runnable {
    @Parameters(paramLabel = "FILE", description = "A .pth, .pth.tar, .safetensors or .pkl file.")
    private Path file;

    @Mixin
    private PrefixOption prefix;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        WeightsConsole.run(spec, prefix.prefix(), tool -> tool.inspect(file));
    }
}
