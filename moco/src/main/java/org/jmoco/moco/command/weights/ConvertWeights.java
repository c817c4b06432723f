package org.jmoco.moco.command.weights;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jmoco.eval.detect.DetectorConversion;
import org.jmoco.moco.command.PrefixOption;
import org.jmoco.nn.train.RunException;
import org.jmoco.nn.weights.KeyMaps;
import org.jmoco.nn.weights.WeightsTool;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `jmoco weights convert`: the same weights in another format.
@Command(
        name = "convert",
        description = "Writes weights in the format that the target's extension names: .safetensors, .pth or .pt "
                + "(for torch.load with weights_only), .pkl (detectron2), .onnx.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: jmoco weights convert moco_v2_200ep_pretrain.pth.tar encoder.safetensors --part backbone",
            "Example: jmoco weights convert runs/demo/final.safetensors encoder.onnx",
            "Example: jmoco weights convert runs/voc-c4/final.safetensors model.pth --layout detectron2"
        })
final class ConvertWeights implements Runnable {
    private static final String ALL = "all";

    @Parameters(index = "0", paramLabel = "SOURCE", description = "What is read.")
    private Path source;

    @Parameters(index = "1", paramLabel = "TARGET", description = "What is written; its extension decides the format.")
    private Path target;

    @Option(
            names = "--part",
            paramLabel = "PART",
            description = "all, encoder, key-encoder or backbone. Default: ${DEFAULT-VALUE}.",
            defaultValue = ALL)
    private String part;

    @Option(
            names = {"--layout", "--to"},
            paramLabel = "NAME",
            description = "Whose names the arrays of a .safetensors or .pth get. Default: torchvision's; of a "
                    + "detector mmdet, detectron2 or torchvision, by default the names that it has.")
    private Optional<String> layout = Optional.empty();

    @Mixin
    private PrefixOption prefix;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        if (!WeightsTool.partNames().contains(part)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--part must be one of " + String.join(", ", WeightsTool.partNames()) + ", got " + part);
        }
        Optional<DetectorConversion> detector =
                part.equals(ALL) ? DetectorConversion.of(source, prefix.prefix()) : Optional.empty();
        if (detector.isPresent()) {
            spec.commandLine().getOut().println("wrote     " + target + ": " + written(detector.get()));
            return;
        }
        WeightsTool.Part wanted =
                WeightsTool.Part.valueOf(part.toUpperCase(Locale.ROOT).replace('-', '_'));
        WeightsConsole.run(
                spec,
                prefix.prefix(),
                tool -> tool.convert(
                        source, target, wanted, layout.map(KeyMaps::byName).orElse(null)));
    }

    private String written(DetectorConversion detector) {
        try {
            return detector.write(target, layout);
        } catch (IllegalArgumentException e) {
            throw new RunException(e.getMessage(), e);
        }
    }
}
