package org.jmoco.moco.command.weights;

import java.nio.file.Path;
import org.jmoco.moco.command.PrefixOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `jmoco weights extract`: the backbone of a checkpoint.
@Command(
        name = "extract",
        description = "Writes the backbone alone, without head, key encoder and optimiser, under torchvision's "
                + "names (detectron2's for .pkl).",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: jmoco weights extract runs/demo/final.safetensors backbone.pth"})
final class ExtractWeights implements Runnable {
    @Parameters(index = "0", paramLabel = "SOURCE", description = "What is read.")
    private Path source;

    @Parameters(index = "1", paramLabel = "TARGET", description = "What is written; its extension decides the format.")
    private Path target;

    @Mixin
    private PrefixOption prefix;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        WeightsConsole.run(spec, prefix.prefix(), tool -> tool.extract(source, target));
    }
}
