package org.jmoco.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jmoco.tensor.io.ArrayData;

/// Momentum contrast in LibTorch: the key encoder follows, keys are encoded in shuffled order, queries are
/// contrasted with them and with the queue as it was, SGD, the keys enter the queue. Ranks are computed one after
/// another, each with batch statistics of its own.
final class TorchMoco {
    private static final double NORM_EPSILON = 1e-12;

    private final Options options;
    private final ScalarType type;
    private final MemoryFormat format;
    private final Map<String, ArrayData> start;
    private final TorchResNet query;
    private final TorchResNet key;
    private final TorchSgd sgd;
    private final Tensor queue;
    private long pointer;

    /// @param momentum of the key encoder
    record Options(double temperature, double momentum, double sgdMomentum, double weightDecay, int ranks) {}

    /// @param state  what [org.jmoco.moco.algorithm.Moco#save] gives
    /// @param type   float or double
    /// @param format memory order of images and weights
    TorchMoco(Map<String, ArrayData> state, ScalarType type, MemoryFormat format, Options options) {
        this.options = options;
        this.type = type;
        this.format = format;
        this.start = state;
        query = new TorchResNet(part(state, "encoder_q."), type, format);
        key = new TorchResNet(part(state, "encoder_k."), type, format);
        sgd = new TorchSgd(query.parameters(), options.sgdMomentum(), options.weightDecay());
        part(state, "momentum.")
                .forEach((name, array) -> sgd.momenta().get(name).copy_(tensor(array)));
        queue = tensor(state.get("queue"));
        pointer = state.get("queue_ptr").longAt(0);
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

    private Tensor tensor(ArrayData array) {
        return Tensor.create(array.toFloatArray(), array.shape()).to(type);
    }

    /// Views `[n, h, w, 3]` as this network reads them.
    Tensor images(float[] views, int n, int height, int width) {
        return Tensor.create(views, n, height, width, 3)
                .to(type)
                .permute(0, 3, 1, 2)
                .contiguous(format);
    }

    /// One step; the loss in nats.
    ///
    /// @param queries     `[n, 3, h, w]`, normalised
    /// @param permutation slot j of the key encoder's batch holds key view `permutation[j]`
    double step(Tensor queries, Tensor keys, int[] permutation, double learningRate) {
        try (PointerScope _ = new PointerScope()) {
            Tensor k = keys(keys, permutation);
            Tensor loss = Torch.scoped(() -> loss(queries, k));
            sgd.minimize(loss, learningRate);
            enqueue(k);
            return Torch.doubles(loss)[0];
        }
    }

    private Tensor loss(Tensor queries, Tensor k) {
        Tensor q = normalize(forward(query, queries));
        Tensor positive = q.mul(k).sum(1).unsqueeze(1);
        Tensor logits = torch.cat(new TensorVector(positive, torch.mm(q, queue.clone())), 1)
                .div_(new Scalar(options.temperature()));
        return torch.cross_entropy_loss(logits, torch.zeros(q.size(0)).to(ScalarType.Long));
    }

    private Tensor forward(TorchResNet net, Tensor images) {
        long each = images.size(0) / options.ranks();
        Tensor[] features = new Tensor[options.ranks()];
        for (int rank = 0; rank < features.length; rank++) {
            features[rank] = net.forward(images.narrow(0, rank * each, each), true);
        }
        return torch.cat(new TensorVector(features), 0);
    }

    private static Tensor normalize(Tensor features) {
        return features.div(torch.clamp_min(
                features.norm(new ScalarOptional(new Scalar(2.0)), new long[] {1}, true), new Scalar(NORM_EPSILON)));
    }

    private Tensor keys(Tensor images, int... permutation) {
        try (NoGradGuard _ = new NoGradGuard()) {
            key.parameters()
                    .forEach((name, p) -> p.mul_(new Scalar(options.momentum()))
                            .add_(query.parameters().get(name), new Scalar(1 - options.momentum())));
            long[] order = new long[permutation.length];
            long[] inverse = new long[permutation.length];
            for (int j = 0; j < permutation.length; j++) {
                order[j] = permutation[j];
                inverse[permutation[j]] = j;
            }
            Tensor shuffled = torch.index_select(images, 0, Tensor.create(order, order.length));
            return torch.index_select(normalize(forward(key, shuffled)), 0, Tensor.create(inverse, inverse.length));
        }
    }

    private void enqueue(Tensor k) {
        try (NoGradGuard _ = new NoGradGuard()) {
            queue.narrow(1, pointer, k.size(0)).copy_(k.t());
            pointer = (pointer + k.size(0)) % queue.size(1);
        }
    }

    /// The optimiser of the query encoder.
    TorchSgd sgd() {
        return sgd;
    }

    /// The parameters of the query encoder, by name.
    Map<String, double[]> parameters() {
        return values(query.parameters());
    }

    /// The momentum buffers, by the parameters' names.
    Map<String, double[]> momenta() {
        return values(sgd.momenta());
    }

    private static Map<String, double[]> values(Map<String, Tensor> tensors) {
        Map<String, double[]> values = new LinkedHashMap<>();
        tensors.forEach((name, t) -> values.put(name, Torch.doubles(t)));
        return values;
    }

    /// The whole state, rounded to float32; running statistics, which training does not read, are those of the
    /// beginning.
    Map<String, ArrayData> save() {
        Map<String, ArrayData> state = new LinkedHashMap<>(start);
        query.parameters().forEach((name, p) -> put(state, "encoder_q." + name, p));
        key.parameters().forEach((name, p) -> put(state, "encoder_k." + name, p));
        sgd.momenta().forEach((name, v) -> put(state, "momentum." + name, v));
        put(state, "queue", queue);
        state.put(
                "queue_ptr",
                ArrayData.ofLongs(new long[] {pointer}, state.get("queue_ptr").shape()));
        return state;
    }

    private static void put(Map<String, ArrayData> state, String name, Tensor t) {
        state.replace(name, ArrayData.ofFloats(Torch.floats(t), state.get(name).shape()));
    }
}
