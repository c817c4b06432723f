package org.jmoco.nn.weights.onnx;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jmoco.nn.Stem;
import org.jmoco.nn.weights.ResNetSpec;
import org.jmoco.tensor.io.ArrayData;

/// A ResNet as an ONNX graph for inference.
///
/// Input `images`, `[batch, 3, height, width]` float32, RGB, normalised as in training; output
/// `features`, `[batch, C]`: the pooled feature, or what the head makes of it. Batch and image size
/// are free.
public final class ResNetOnnx {
    private static final float BATCH_NORM_EPSILON = 1e-5f;

    private final ResNetSpec spec;
    private final Map<String, ArrayData> weights;
    private final OnnxGraph graph;

    private ResNetOnnx(ResNetSpec spec, Map<String, ArrayData> weights) {
        this.spec = spec;
        this.weights = weights;
        this.graph = new OnnxGraph(spec.config().arch().toString());
    }

    /// Replaces `file` atomically.
    ///
    /// @param weights of the whole network `spec`, torchvision's names, PyTorch's order
    /// @throws org.jmoco.tensor.io.FormatException if they are not those of `spec`
    /// @throws java.io.UncheckedIOException if the file cannot be written
    public static void write(Path file, ResNetSpec spec, Map<String, ArrayData> weights) {
        spec.require(file.toString(), weights);
        ResNetOnnx export = new ResNetOnnx(spec, weights);
        export.build();
        export.graph.write(file);
    }

    private void build() {
        graph.input("images", "batch", 3, "height", "width");
        String x = head(stages(stem()));
        graph.node("Identity", "features", List.of(x), Map.of());
        graph.output(
                "features",
                "batch",
                spec.head().isEmpty() ? spec.config().features() : spec.head().getLast());
    }

    private String stem() {
        Stem stem = spec.config().stem();
        String x = stem == Stem.DEEP ? deepStem() : conv("conv1", "images", stem == Stem.CIFAR ? 1 : 2);
        x = relu("stem.relu", norm("bn1", x));
        return stem != Stem.CIFAR
                ? graph.node(
                        "MaxPool",
                        "maxpool",
                        List.of(x),
                        Map.of("kernel_shape", new int[] {3, 3}, "strides", new int[] {2, 2}, "pads", new int[] {
                            1, 1, 1, 1
                        }))
                : x;
    }

    private String deepStem() {
        String x = relu("conv1.2", norm("conv1.1", conv("conv1.0", "images", 2)));
        x = relu("conv1.5", norm("conv1.4", conv("conv1.3", x, 1)));
        return conv("conv1.6", x, 1);
    }

    private String stages(String input) {
        String x = input;
        for (int stage = 1; stage <= 4; stage++) {
            for (int block = 0; block < spec.config().arch().blocks().get(stage - 1); block++) {
                x = block("layer" + stage + "." + block, x, stage > 1 && block == 0 ? 2 : 1);
            }
        }
        return x;
    }

    /// The stride sits in the first 3×3 convolution: the second of a bottleneck, the first of a
    /// basic block.
    private String block(String name, String input, int stride) {
        int convs = spec.config().arch().isBottleneck() ? 3 : 2;
        int strided = convs - 1;
        String x = input;
        for (int i = 1; i <= convs; i++) {
            x = norm(name + ".bn" + i, conv(name + ".conv" + i, x, i == strided ? stride : 1));
            x = i < convs ? relu(name + ".relu" + i, x) : x;
        }
        String shortcut = weights.containsKey(name + ".downsample.0.weight")
                ? norm(name + ".downsample.1", conv(name + ".downsample.0", input, stride))
                : input;
        return relu(name + ".relu", graph.node("Add", name + ".add", List.of(x, shortcut), Map.of()));
    }

    private String head(String input) {
        String x = graph.node("GlobalAveragePool", "avgpool", List.of(input), Map.of());
        x = graph.node("Flatten", "flatten", List.of(x), Map.of("axis", 1));
        return switch (spec.head().size()) {
            case 0 -> x;
            case 1 -> linear("fc", x);
            default -> linear("fc.2", relu("fc.1", linear("fc.0", x)));
        };
    }

    /// "Same" padding for odd kernels.
    private String conv(String name, String input, int stride) {
        ArrayData weight = weights.get(name + ".weight");
        int kernel = (int) weight.dim(2);
        int pad = kernel / 2;
        return graph.node(
                "Conv",
                name,
                List.of(input, constant(name + ".weight")),
                Map.of(
                        "kernel_shape", new int[] {kernel, kernel},
                        "strides", new int[] {stride, stride},
                        "pads", new int[] {pad, pad, pad, pad}));
    }

    private String norm(String name, String input) {
        List<String> inputs = new ArrayList<>(List.of(input));
        for (String part : List.of("weight", "bias", "running_mean", "running_var")) {
            inputs.add(constant(name + "." + part));
        }
        return graph.node("BatchNormalization", name, inputs, Map.of("epsilon", BATCH_NORM_EPSILON));
    }

    private String linear(String name, String input) {
        return graph.node(
                "Gemm",
                name,
                List.of(input, constant(name + ".weight"), constant(name + ".bias")),
                Map.of("transB", 1));
    }

    private String relu(String name, String input) {
        return graph.node("Relu", name, List.of(input), Map.of());
    }

    private String constant(String name) {
        return graph.constant(name, weights.get(name));
    }
}
