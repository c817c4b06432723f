package org.jmoco.nn.weights;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jmoco.tensor.io.ArrayData;

/// How projects name the arrays of one ResNet, written down by hand from files of theirs and not by our tables.
public enum Namings {
    PLAIN(name -> name),
    COMPILED(behind("_orig_mod.")),
    MODEL(behind("model.")),
    ENCODER(behind("encoder.")),
    NET(behind("net.")),
    PARALLEL_BACKBONE(behind("module.backbone.")),
    PARALLEL_TWICE(behind("module.module.")),
    LIGHTNING(behind("model.backbone.")),
    COMPILED_IN_PARALLEL(behind("module._orig_mod.encoder.")),
    VISSL(behind("classy_state_dict.base_model.model.trunk._feature_blocks.")),
    LIGHTLY(name -> "backbone." + sequential(name, 4)),
    SEQUENTIAL(name -> sequential(name, 4)),
    SEQUENTIAL_CIFAR(name -> "net." + sequential(name, 3)),
    HUGGING_FACE(name -> "resnet." + huggingFace(name)),
    HUGGING_FACE_BARE(Namings::huggingFace);

    private static final Pattern IN_BLOCK =
            Pattern.compile("layer(\\d)\\.(\\d+)\\.(conv|bn|downsample\\.)(\\d)\\.(.+)");

    private final UnaryOperator<String> theirs;

    Namings(UnaryOperator<String> theirs) {
        this.theirs = theirs;
    }

    private static UnaryOperator<String> behind(String prefix) {
        return name -> prefix + name;
    }

    /// @param stage the position of `layer1`
    private static String sequential(String name, int stage) {
        String rest = name.substring(name.indexOf('.'));
        String first = name.substring(0, name.indexOf('.'));
        return switch (first) {
            case "conv1" -> "0" + rest;
            case "bn1" -> "1" + rest;
            default -> Integer.parseInt(first.substring(5)) + stage - 1 + rest;
        };
    }

    private static String huggingFace(String name) {
        Matcher m = IN_BLOCK.matcher(name);
        if (!m.matches()) {
            return name.replace("conv1.", "embedder.embedder.convolution.")
                    .replace("bn1.", "embedder.embedder.normalization.");
        }
        int number = Integer.parseInt(m.group(4));
        String block = "encoder.stages." + (Integer.parseInt(m.group(1)) - 1) + ".layers." + m.group(2) + ".";
        String layer = switch (m.group(3)) {
            case "conv" -> "layer." + (number - 1) + ".convolution.";
            case "bn" -> "layer." + (number - 1) + ".normalization.";
            default -> "shortcut." + (number == 0 ? "convolution." : "normalization.");
        };
        return block + layer + m.group(5);
    }

    /// The same arrays under this project's names.
    public Map<String, ArrayData> of(Map<String, ArrayData> backbone) {
        Map<String, ArrayData> renamed = new LinkedHashMap<>();
        backbone.forEach((name, array) -> renamed.put(theirs.apply(name), array));
        return renamed;
    }
}
