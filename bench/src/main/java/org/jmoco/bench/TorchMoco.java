package org.jmoco.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jmoco.tensor.io.ArrayData;

/// Momentum contrast in LibTorch, in the order of the official code: the key encoder follows, keys are encoded in shuffled order, queries are contrasted, SGD, the queue.
final class TorchMoco {
    private final TorchResNet query;
    private final TorchResNet key;
    private final TorchSgd sgd;
    private final Tensor queue; // [dim, K]
    private final double temperature;
    private final double momentum;
    private long pointer;

    /// @param state what `Moco.save` gives
    TorchMoco(Map<String, ArrayData> state, MemoryFormat format, double temperature, double momentum, double sgdMomentum, double weightDecay) {
        query = new TorchResNet(below("encoder_q.", state), ScalarType.Float, format);
        key = new TorchResNet(below("encoder_k.", state), ScalarType.Float, format);
        sgd = new TorchSgd(query.parameters(), sgdMomentum, weightDecay);
        queue = Tensor.create(state.get("queue").toFloatArray(), state.get("queue").shape());
        this.temperature = temperature;
        this.momentum = momentum;
    }

    private static Map<String, ArrayData> below(String prefix, Map<String, ArrayData> state) {
        Map<String, ArrayData> some = new LinkedHashMap<>();
        state.forEach((name, array) -> {
            if (name.startsWith(prefix)) {
                some.put(name.substring(prefix.length()), array);
            }
        });
        return some;
    }

    /// The momentum buffers of the query encoder.
    TorchSgd sgd() {
        return sgd;
    }

    /// One step; the loss before it.
    ///
    /// @param shuffle   slot j of the key encoder's batch holds view `shuffle[j]`, I64 `[n]`
    /// @param unshuffle its inverse
    float step(Tensor queries, Tensor keys, Tensor shuffle, Tensor unshuffle, double learningRate) {
        try (PointerScope _ = new PointerScope()) {
            Tensor k = encodeKeys(keys, shuffle, unshuffle);
            Tensor loss = Torch.scoped(() -> loss(queries, k));
            sgd.minimize(loss, learningRate);
            enqueue(k);
            return loss.item_float();
        }
    }

    private Tensor encodeKeys(Tensor keys, Tensor shuffle, Tensor unshuffle) {
        try (NoGradGuard _ = new NoGradGuard()) {
            follow();
            return Torch.scoped(() -> unit(key.forward(keys.index_select(0, shuffle), true)).index_select(0, unshuffle));
        }
    }

    /// θk ← m·θk + (1 − m)·θq
    private void follow() {
        try (PointerScope _ = new PointerScope()) {
            Scalar keep = new Scalar(momentum);
            Scalar take = new Scalar(1 - momentum);
            key.parameters().forEach((name, p) -> p.mul_(keep).add_(query.parameters().get(name), take));
        }
    }

    private Tensor loss(Tensor queries, Tensor k) {
        Tensor q = unit(query.forward(queries, true));
        Tensor positives = q.mul(k).sum(1).unsqueeze(1);
        Tensor negatives = q.matmul(queue.clone());
        Tensor logits = torch.cat(new TensorVector(positives, negatives), 1).div_(new Scalar(temperature));
        return torch.cross_entropy_loss(logits, torch.zeros(new long[] {q.size(0)}).to(ScalarType.Long));
    }

    private static Tensor unit(Tensor x) {
        return x.div(x.norm(new org.bytedeco.pytorch.ScalarOptional(new Scalar(2)), new long[] {1}, true).clamp_min(new Scalar(1e-12)));
    }

    private void enqueue(Tensor k) {
        try (PointerScope _ = new PointerScope()) {
            long n = k.size(0);
            queue.slice(1, new LongOptional(pointer), new LongOptional(pointer + n), 1).copy_(k.t());
            pointer = (pointer + n) % queue.size(1);
        }
    }
}
