package org.jmoco.bench;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jmoco.tensor.io.ArrayData;

/// ResNet-50 in LibTorch on the weights of a state dict, in float or double: training forward, mean cross-entropy, gradients.
final class TorchResNet {
    private static final double EPSILON = 1e-5f;
    private static final int[] BLOCKS = {3, 4, 6, 3};

    private final ScalarType type;
    private final Map<String, Tensor> parameters = new LinkedHashMap<>();

    /// @param state parameters in PyTorch's layout; buffers are not needed
    TorchResNet(Map<String, ArrayData> state, ScalarType type) {
        this.type = type;
        state.forEach((name, array) -> {
            if (!name.contains("running")) {
                Tensor p = Tensor.create(array.toFloatArray(), array.shape()).to(type);
                parameters.put(name, p.set_requires_grad(true));
            }
        });
    }

    /// Results by name: `logits`, `loss`, and the gradient of every parameter under the parameter's name.
    Map<String, double[]> train(float[] images, long[] nchw, long... labels) {
        Tensor logits = logits(Tensor.create(images, nchw).to(type));
        Tensor loss = torch.cross_entropy_loss(logits, Tensor.create(labels, labels.length));
        loss.backward();
        Map<String, double[]> results = new LinkedHashMap<>();
        results.put("logits", doubles(logits.detach()));
        results.put("loss", doubles(loss.detach()));
        parameters.forEach((name, p) -> results.put(name, doubles(p.grad())));
        return results;
    }

    private Tensor logits(Tensor images) {
        Tensor x = norm(conv(images, "conv1", 2, 3), "bn1").relu();
        x = torch.max_pool2d(x, new long[] {3, 3}, new long[] {2, 2}, new long[] {1, 1}, new long[] {1, 1}, false);
        for (int stage = 1; stage <= 4; stage++) {
            for (int block = 0; block < BLOCKS[stage - 1]; block++) {
                x = bottleneck(x, "layer" + stage + "." + block + ".", stage > 1 && block == 0 ? 2 : 1);
            }
        }
        Tensor pooled = torch.adaptive_avg_pool2d(x, 1, 1).flatten(1, 3);
        return torch.linear(pooled, parameters.get("fc.weight"), new TensorOptional(parameters.get("fc.bias")));
    }

    private Tensor bottleneck(Tensor x, String name, int stride) {
        Tensor y = norm(conv(x, name + "conv1", 1, 0), name + "bn1").relu();
        y = norm(conv(y, name + "conv2", stride, 1), name + "bn2").relu();
        y = norm(conv(y, name + "conv3", 1, 0), name + "bn3");
        boolean changesShape = parameters.containsKey(name + "downsample.0.weight");
        Tensor shortcut = changesShape ? norm(conv(x, name + "downsample.0", stride, 0), name + "downsample.1") : x;
        return y.add(shortcut, new Scalar(1)).relu();
    }

    private Tensor conv(Tensor x, String name, long stride, long padding) {
        return torch.conv2d(x, parameters.get(name + ".weight"), new TensorOptional(), new long[] {stride, stride}, new long[] {padding, padding}, new long[] {1, 1}, 1);
    }

    private Tensor norm(Tensor x, String name) {
        TensorOptional none = new TensorOptional();
        return torch.batch_norm(x, new TensorOptional(parameters.get(name + ".weight")), new TensorOptional(parameters.get(name + ".bias")), none, none, true, 0.1, EPSILON, false);
    }

    private static double[] doubles(Tensor t) {
        Tensor wide = t.to(ScalarType.Double).contiguous();
        return MemorySegment.ofBuffer(wide.createBuffer()).toArray(java.lang.foreign.ValueLayout.JAVA_DOUBLE);
    }
}
