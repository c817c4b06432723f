package org.jmoco.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.tensor.io.ArrayData;

/// MoCo in LibTorch as the official code has it, on the state that [org.jmoco.moco.algorithm.Moco#save] gives: one process, the asymmetric loss.
final class TorchMoco {
    private static final String QUERY = "encoder_q.";
    private static final String KEY = "encoder_k.";
    private static final String MOMENTUM = "momentum.";
    private static final double NORM_EPSILON = 1e-12;

    private final MocoConfig config;
    private final TorchResNet query;
    private final TorchResNet key;
    private final Tensor queue; // [dim, K]
    private final TorchSgd sgd;
    private long pointer;

    TorchMoco(MocoConfig config, Map<String, ArrayData> state, ScalarType type, MemoryFormat format) {
        this.config = config;
        query = new TorchResNet(part(state, QUERY), type, format, config.bn().splits());
        key = new TorchResNet(part(state, KEY), type, format, config.bn().splits());
        key.parameters().values().forEach(p -> p.set_requires_grad(false));
        queue = Torch.tensor(state.get("queue"), type);
        pointer = state.get("queue_ptr").longAt(0);
        sgd = new TorchSgd(query.parameters(), config.optimizer().momentum(), config.optimizer().weightDecay());
        part(state, MOMENTUM).forEach((name, values) -> sgd.momenta().get(name).copy_(Torch.tensor(values, type)));
    }

    private static Map<String, ArrayData> part(Map<String, ArrayData> state, String prefix) {
        Map<String, ArrayData> part = new LinkedHashMap<>();
        state.forEach((name, array) -> {
            if (name.startsWith(prefix)) {
                part.put(name.substring(prefix.length()), array);
            }
        });
        return part;
    }

    /// One step.
    ///
    /// @param queries,keys views, `[n, 3, h, w]`, normalised   @param permutation `[n]`, I64: slot j of the key encoder's batch holds the view `permutation[j]`
    /// @return the loss
    double step(Tensor queries, Tensor keys, Tensor permutation, double learningRate) {
        try (PointerScope _ = new PointerScope()) {
            Tensor k = Torch.scoped(() -> encodeKeys(keys, permutation));
            Tensor loss = Torch.scoped(() -> loss(queries, k));
            push(k);
            sgd.minimize(loss, learningRate);
            return loss.item_double();
        }
    }

    private Tensor encodeKeys(Tensor keys, Tensor permutation) {
        try (NoGradGuard _ = new NoGradGuard()) {
            double m = config.contrast().momentum();
            key.parameters().forEach((name, k) -> k.mul_(new Scalar(m)).add_(query.parameters().get(name), new Scalar(1 - m)));
            Tensor shuffled = normalized(key.forward(keys.index_select(0, permutation), true));
            return shuffled.index_select(0, permutation.argsort());
        }
    }

    private Tensor loss(Tensor queries, Tensor k) {
        Tensor q = normalized(query.forward(queries, true));
        Tensor positive = q.mul(k).sum(new long[] {1}, true, new ScalarTypeOptional());
        Tensor negative = q.mm(queue.clone());
        Tensor logits = torch.cat(new TensorVector(positive, negative), 1).div(new Scalar((double) config.contrast().temperature()));
        return torch.cross_entropy_loss(logits, Tensor.create(new long[(int) q.size(0)], q.size(0))); // the positive is class 0
    }

    private static Tensor normalized(Tensor x) {
        return x.div(x.norm(new ScalarOptional(new Scalar(2)), new long[] {1}, true).clamp_min(new Scalar(NORM_EPSILON)));
    }

    private void push(Tensor k) {
        try (NoGradGuard _ = new NoGradGuard()) {
            queue.narrow(1, pointer, k.size(0)).copy_(k.t());
            pointer = (pointer + k.size(0)) % queue.size(1);
        }
    }

    TorchSgd sgd() {
        return sgd;
    }

    /// The whole state under the names of [org.jmoco.moco.algorithm.Moco#save], without the pointer.
    Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        query.parameters().forEach((name, t) -> state.put(QUERY + name, t));
        query.buffers().forEach((name, t) -> state.put(QUERY + name, t));
        key.parameters().forEach((name, t) -> state.put(KEY + name, t));
        key.buffers().forEach((name, t) -> state.put(KEY + name, t));
        state.put("queue", queue);
        sgd.momenta().forEach((name, t) -> state.put(MOMENTUM + name, t));
        return state;
    }

    /// How many keys have been enqueued, modulo K.
    long pointer() {
        return pointer;
    }
}
