package org.jmoco.moco.command.weights;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `jmoco weights`: the group of commands that read and write weights of other projects.
@Command(
        name = "weights",
        description = "Looks into files of weights and converts them: PyTorch's (both containers), MoCo's, "
                + "MMSelfSup's, torchvision's, safetensors; detectron2 and ONNX out.",
        mixinStandardHelpOptions = true,
        subcommands = {InspectWeights.class, ConvertWeights.class, ExtractWeights.class, DiffWeights.class})
public final class WeightsCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
