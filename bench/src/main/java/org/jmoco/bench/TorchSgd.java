package org.jmoco.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// Gradient and update in LibTorch: the tensor operations of `torch.optim.SGD`, all of them in place.
final class TorchSgd {
    private final Map<String, Tensor> parameters;
    private final Map<String, Tensor> momenta = new LinkedHashMap<>();
    private final TensorVector all;
    private final Scalar decay;
    private final Scalar momentum;

    TorchSgd(Map<String, Tensor> parameters, double momentum, double weightDecay) {
        this.parameters = parameters;
        this.momentum = new Scalar(momentum);
        this.decay = new Scalar(weightDecay);
        parameters.forEach((name, p) -> momenta.put(name, torch.zeros_like(p.detach())));
        all = new TensorVector(parameters.values().toArray(Tensor[]::new));
    }

    /// The momentum buffers by the parameters' names; after the first step the gradients with weight decay.
    Map<String, Tensor> momenta() {
        return momenta;
    }

    /// `g ← ∇loss + weightDecay·p`, `v ← momentum·v + g`, `p ← p − learningRate·v`.
    void minimize(Tensor loss, double learningRate) {
        try (PointerScope _ = new PointerScope()) {
            TensorVector gradients = torch.grad(new TensorVector(loss), all);
            update(gradients, new Scalar(-learningRate));
        }
    }

    private void update(TensorVector gradients, Scalar step) {
        try (NoGradGuard _ = new NoGradGuard()) {
            int i = 0;
            for (Map.Entry<String, Tensor> e : parameters.entrySet()) {
                Tensor v = momenta.get(e.getKey());
                v.mul_(momentum).add_(gradients.get(i++).add_(e.getValue(), decay));
                e.getValue().add_(v, step);
            }
        }
    }

    /// Some of the numbers of some momentum buffers, for a comparison.
    float[] sample(List<String> names) {
        return Data.concat(names.stream()
                .map(n -> Data.sample(Torch.floats(momenta.get(n))))
                .toArray(float[][]::new));
    }
}
