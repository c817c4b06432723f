package org.jmoco.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jmoco.tensor.io.ArrayData;

/// MMSegmentation's FCN-D8 with its auxiliary head in LibTorch, in training and without dropout, on the weights of
/// a state dict under its names. What nobody needs is freed at once.
final class TorchFcn {
    private static final double EPSILON = 1e-5f; // the very number that our float epsilon is
    private static final double MOMENTUM = 0.1;
    private static final String BACKBONE = "backbone.";

    private final TorchResNet backbone;
    private final Map<String, Tensor> heads = new LinkedHashMap<>();
    private final Map<String, Tensor> parameters = new LinkedHashMap<>();
    private UnaryOperator<Tensor> relu = Tensor::relu_;

    /// @param type   float or double
    /// @param format memory order of convolution weights; images should have the same
    TorchFcn(Map<String, ArrayData> state, ScalarType type, MemoryFormat format) {
        Map<String, ArrayData> encoder = new LinkedHashMap<>();
        state.forEach((name, array) -> {
            if (name.startsWith(BACKBONE)) {
                encoder.put(name.substring(BACKBONE.length()), array);
            }
        });
        backbone = new TorchResNet(encoder, type, format);
        backbone.parameters().forEach((name, p) -> parameters.put(BACKBONE + name, p));
        state.forEach((name, array) -> {
            if (!name.startsWith(BACKBONE)) {
                Tensor values =
                        Tensor.create(array.toFloatArray(), array.shape()).to(type);
                values = array.rank() == 4 ? values.contiguous(format) : values;
                if (name.contains("running")) {
                    heads.put(name, values);
                } else {
                    heads.put(name, values.set_requires_grad(true));
                    parameters.put(name, values);
                }
            }
        });
    }

    /// By name, in the order of the state dict.
    Map<String, Tensor> parameters() {
        return parameters;
    }

    /// The cross-entropy of every pixel, of the deciding head plus `weight` times that of the other.
    ///
    /// @param images `[n, 3, h, w]`   @param labels `[n, h, w]` int64, each a class
    Tensor loss(Tensor images, Tensor labels, double weight) {
        return loss(images, labels, weight, Tensor::relu_);
    }

    /// As the other one, with something else for a ReLU, which may work in place.
    Tensor loss(Tensor images, Tensor labels, double weight, UnaryOperator<Tensor> other) {
        relu = other;
        List<Tensor> maps = backbone.spreadMaps(images, other);
        Tensor decode = Torch.scoped(() -> pixels(decode(maps.get(1)), labels));
        Tensor auxiliary = Torch.scoped(() -> pixels(auxiliary(maps.get(0)), labels));
        return decode.add(auxiliary, new Scalar(weight));
    }

    private static Tensor pixels(Tensor logits, Tensor labels) {
        long[] size = {labels.size(1), labels.size(2)};
        return torch.cross_entropy_loss(torch.upsample_bilinear2d(logits, size, false), labels);
    }

    private Tensor decode(Tensor x) {
        Tensor y = Torch.scoped(() -> layer(layer(x, "decode_head.convs.0"), "decode_head.convs.1"));
        Tensor both = Torch.scoped(() -> torch.cat(new TensorVector(x, y), 1));
        y.close();
        Tensor last = Torch.scoped(() -> layer(both, "decode_head.conv_cat"));
        both.close(); // autograd keeps what it needs
        return classes(last, "decode_head");
    }

    private Tensor auxiliary(Tensor x) {
        return classes(Torch.scoped(() -> layer(x, "auxiliary_head.convs.0")), "auxiliary_head");
    }

    private Tensor layer(Tensor x, String name) {
        Tensor y = conv(x, name + ".conv", new TensorOptional(), 1);
        return relu.apply(torch.batch_norm(
                y,
                optional(name + ".bn.weight"),
                optional(name + ".bn.bias"),
                optional(name + ".bn.running_mean"),
                optional(name + ".bn.running_var"),
                true,
                MOMENTUM,
                EPSILON,
                false));
    }

    private Tensor classes(Tensor x, String head) {
        return conv(x, head + ".conv_seg", optional(head + ".conv_seg.bias"), 0);
    }

    private Tensor conv(Tensor x, String name, TensorOptional bias, long padding) {
        long[] once = {1, 1};
        return torch.conv2d(x, heads.get(name + ".weight"), bias, once, new long[] {padding, padding}, once, 1);
    }

    private TensorOptional optional(String name) {
        return new TensorOptional(heads.get(name));
    }
}
