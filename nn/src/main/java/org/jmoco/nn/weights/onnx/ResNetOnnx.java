package org.jmoco.nn.weights.onnx;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jmoco.nn.BatchNorm2d;
import org.jmoco.nn.Conv2d;
import org.jmoco.nn.Module;
import org.jmoco.nn.Stem;
import org.jmoco.nn.weights.ResNetSpec;
import org.jmoco.tensor.io.ArrayData;

/// A ResNet as an ONNX graph for inference.
///
/// Input `images`, `[batch, 3, height, width]` float32, RGB, normalised as in training; output
/// `features`, `[batch, C]`: the pooled feature, or what the head makes of it. Batch and image size
/// are free.
public final class ResNetOnnx {
    private final ResNetSpec spec;
    private final Map<String, ArrayData> weights;
    private final Map<String, Module> layers;
    private final OnnxGraph graph;

    private ResNetOnnx(ResNetSpec spec, Map<String, ArrayData> weights) {
        this.spec = spec;
        this.weights = weights;
        this.layers = spec.net().modules();
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
        String x = stem == Stem.DEEP ? deepStem() : conv("conv1", "images");
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
        String x = relu("conv1.2", norm("conv1.1", conv("conv1.0", "images")));
        x = relu("conv1.5", norm("conv1.4", conv("conv1.3", x)));
        return conv("conv1.6", x);
    }

    private String stages(String input) {
        String x = input;
        for (int stage = 1; stage <= spec.config().stages().size(); stage++) {
            for (int block = 0; block < spec.config().arch().blocks().get(stage - 1); block++) {
                x = block("layer" + stage + "." + block, x);
            }
        }
        return x;
    }

    private String block(String name, String input) {
        int convs = spec.config().arch().isBottleneck() ? 3 : 2;
        String x = input;
        for (int i = 1; i <= convs; i++) {
            x = norm(name + ".bn" + i, conv(name + ".conv" + i, x));
            x = i < convs ? relu(name + ".relu" + i, x) : x;
        }
        String shortcut = layers.containsKey(name + ".downsample.0")
                ? norm(name + ".downsample.1", conv(name + ".downsample.0", input))
                : input;
        return relu(name + ".relu", graph.node("Add", name + ".add", List.of(x, shortcut), Map.of()));
    }

    private String head(String input) {
        String x = graph.node("GlobalAveragePool", "avgpool", List.of(input), Map.of());
        x = graph.node("Flatten", "flatten", List.of(x), Map.of("axis", 1));
        return switch (spec.head().size()) {
            case 0 -> x;
            case 1 -> linear("fc", x);
            default ->
                spec.headNorm()
                        ? linear("fc.3", relu("fc.2", norm("fc.1", linear("fc.0", x))))
                        : linear("fc.2", relu("fc.1", linear("fc.0", x)));
        };
    }

    /// As the network's own layer is.
    private String conv(String name, String input) {
        Conv2d.Options o = ((Conv2d) layers.get(name)).options();
        return graph.node(
                "Conv",
                name,
                List.of(input, constant(name + ".weight")),
                Map.of(
                        "kernel_shape", new int[] {o.kernel(), o.kernel()},
                        "strides", new int[] {o.stride(), o.stride()},
                        "dilations", new int[] {o.dilation(), o.dilation()},
                        "pads", new int[] {o.padding(), o.padding(), o.padding(), o.padding()}));
    }

    private String norm(String name, String input) {
        List<String> inputs = new ArrayList<>(List.of(input));
        for (String part : List.of("weight", "bias", "running_mean", "running_var")) {
            inputs.add(constant(name + "." + part));
        }
        return graph.node("BatchNormalization", name, inputs, Map.of("epsilon", BatchNorm2d.EPSILON));
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
