package org.jmoco.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jmoco.tensor.io.ArrayData;

/// torchvision's ResNet in LibTorch, on the weights of a state dict; the names in it tell which network it is.
/// ReLUs work in place, as torchvision's do, and what nobody needs is freed at once.
final class TorchResNet {
    private static final double EPSILON = 1e-5f; // the very number that our float epsilon is
    private static final double MOMENTUM = 0.1;
    private static final int STAGES = 4;

    private final Map<String, Tensor> parameters = new LinkedHashMap<>();
    private final Map<String, Tensor> buffers = new LinkedHashMap<>();
    private UnaryOperator<Tensor> relu = Tensor::relu_;

    /// @param state  PyTorch's names and element orders
    /// @param type   float or double
    /// @param format memory order of convolution weights; images should have the same
    TorchResNet(Map<String, ArrayData> state, ScalarType type, MemoryFormat format) {
        state.forEach((name, array) -> {
            Tensor values = Tensor.create(array.toFloatArray(), array.shape()).to(type);
            if (array.rank() == 4) {
                values = values.contiguous(format);
            }
            if (name.contains("running")) {
                buffers.put(name, values);
            } else {
                parameters.put(name, values.set_requires_grad(true));
            }
        });
    }

    /// By name, in the order of the state dict.
    Map<String, Tensor> parameters() {
        return parameters;
    }

    /// Running statistics by name.
    Map<String, Tensor> buffers() {
        return buffers;
    }

    /// Logits, or whatever the head gives; without one the pooled features.
    ///
    /// @param images   `[n, 3, h, w]`
    /// @param training whether batch norm takes the batch's statistics and moves the running ones
    Tensor forward(Tensor images, boolean training) {
        return Torch.scoped(() -> {
            Tensor x = Torch.scoped(() -> stem(images, training));
            for (int stage = 1; stage <= STAGES; stage++) {
                for (int block = 0; parameters.containsKey("layer" + stage + "." + block + ".conv1.weight"); block++) {
                    String name = "layer" + stage + "." + block + ".";
                    int stride = stage > 1 && block == 0 ? 2 : 1;
                    Tensor in = x;
                    x = Torch.scoped(() -> block(in, name, stride, 1, training));
                    in.close(); // for its last reader; autograd keeps what it needs
                }
            }
            Tensor pooled = torch.adaptive_avg_pool2d(x, 1, 1).flatten(1, 3);
            if (parameters.keySet().stream().noneMatch(name -> name.startsWith("fc."))) {
                return pooled;
            }
            return parameters.containsKey("fc.weight")
                    ? linear(pooled, "fc")
                    : linear(relu.apply(linear(pooled, "fc.0")), "fc.2");
        });
    }

    /// The maps of the last two stages, spread instead of shrunk where they would stand more than 8 pixels apart,
    /// as MMSegmentation's ResNet-D8 has it: the first block of a stage has the dilation of the stage before.
    ///
    /// @param images `[n, 3, h, w]`   @param other for a ReLU, which may work in place
    List<Tensor> spreadMaps(Tensor images, UnaryOperator<Tensor> other) {
        relu = other;
        Tensor x = Torch.scoped(() -> stem(images, true));
        Tensor before = null;
        int dilation = 1;
        for (int stage = 1; stage <= STAGES; stage++) {
            int first = dilation;
            dilation *= stage > 2 ? 2 : 1;
            for (int block = 0; parameters.containsKey("layer" + stage + "." + block + ".conv1.weight"); block++) {
                String name = "layer" + stage + "." + block + ".";
                int stride = stage == 2 && block == 0 ? 2 : 1;
                int reach = block == 0 ? first : dilation;
                Tensor in = x;
                x = Torch.scoped(() -> block(in, name, stride, reach, true));
                if (in != before) {
                    in.close(); // for its last reader; autograd keeps what it needs
                }
            }
            before = stage == STAGES - 1 ? x : before;
        }
        relu = Tensor::relu_;
        return List.of(before, x);
    }

    /// As [#forward(Tensor, boolean)], with something else for a ReLU, which may work in place.
    Tensor forward(Tensor images, boolean training, UnaryOperator<Tensor> other) {
        relu = other;
        try {
            return forward(images, training);
        } finally {
            relu = Tensor::relu_;
        }
    }

    private Tensor stem(Tensor images, boolean training) {
        boolean cifar = parameters.get("conv1.weight").size(2) == 3;
        if (cifar) {
            return relu.apply(norm(conv(images, "conv1", 1, 1, 1), "bn1", training));
        }
        Tensor x = relu.apply(norm(conv(images, "conv1", 2, 3, 1), "bn1", training));
        return torch.max_pool2d(x, new long[] {3, 3}, new long[] {2, 2}, new long[] {1, 1}, new long[] {1, 1}, false);
    }

    /// @param dilation of the 3×3 convolution that carries the stride
    private Tensor block(Tensor x, String name, int stride, int dilation, boolean training) {
        boolean bottleneck = parameters.containsKey(name + "conv3.weight");
        boolean changesShape = parameters.containsKey(name + "downsample.0.weight");
        Tensor y;
        if (bottleneck) {
            y = relu.apply(norm(conv(x, name + "conv1", 1, 0, 1), name + "bn1", training));
            y = relu.apply(norm(conv(y, name + "conv2", stride, dilation, dilation), name + "bn2", training));
            y = norm(conv(y, name + "conv3", 1, 0, 1), name + "bn3", training);
        } else {
            y = relu.apply(norm(conv(x, name + "conv1", stride, dilation, dilation), name + "bn1", training));
            y = norm(conv(y, name + "conv2", 1, 1, 1), name + "bn2", training);
        }
        Tensor shortcut =
                changesShape ? norm(conv(x, name + "downsample.0", stride, 0, 1), name + "downsample.1", training) : x;
        return relu.apply(y.add_(shortcut, new Scalar(1)));
    }

    private Tensor conv(Tensor x, String name, long stride, long padding, long dilation) {
        return torch.conv2d(
                x,
                parameters.get(name + ".weight"),
                new TensorOptional(),
                new long[] {stride, stride},
                new long[] {padding, padding},
                new long[] {dilation, dilation},
                1);
    }

    private Tensor norm(Tensor x, String name, boolean training) {
        List<TensorOptional> state = List.of(
                new TensorOptional(parameters.get(name + ".weight")),
                new TensorOptional(parameters.get(name + ".bias")),
                new TensorOptional(buffers.get(name + ".running_mean")),
                new TensorOptional(buffers.get(name + ".running_var")));
        return torch.batch_norm(
                x, state.get(0), state.get(1), state.get(2), state.get(3), training, MOMENTUM, EPSILON, false);
    }

    private Tensor linear(Tensor x, String name) {
        return torch.linear(x, parameters.get(name + ".weight"), new TensorOptional(parameters.get(name + ".bias")));
    }
}
