package org.jmoco.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jmoco.nn.EngineOrder;
import org.jmoco.nn.Linear;
import org.jmoco.nn.Mode;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.StateDict;
import org.jmoco.nn.losses.CrossEntropy;
import org.jmoco.nn.optim.Sgd;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.SafeTensors;

/// A residual network on a batch in memory: logits with running statistics, or a training step (forward,
/// cross-entropy, backward, SGD).
///
/// @param image        pixels a side
/// @param standardBatch images a batch if the user says nothing
record ResNetBench(ResNet.Config config, int image, int standardBatch, int classes, boolean train)
        implements Benchmark {
    private static final long SEED = 1;
    private static final float MOMENTUM = 0.9f;
    private static final float WEIGHT_DECAY = 1e-4f;
    private static final float LEARNING_RATE = 1e-3f;
    private static final String WEIGHTS = "weights.safetensors";

    /// Parameters whose gradients both sides must agree on.
    private static final List<String> LATE = List.of("fc.weight", "fc.bias");
    private static final List<String> EARLY = List.of(
            "conv1.weight", "bn1.bias", "layer1.0.conv2.weight", "layer3.0.downsample.0.weight", "layer4.1.bn2.weight");

    @Override
    public String title(Settings s) {
        return (train ? "training step of " : "inference of ") + config.arch() + ", batch " + s.batchOr(standardBatch)
                + " of " + image + "×" + image;
    }

    @Override
    public List<Row> rows(Settings s) {
        return List.of(new Row(train ? "step" : "logits", "", 0));
    }

    @Override
    public double warmUpSeconds() {
        return 20;
    }

    /// Logits; or loss, gradients of the classifier, gradients throughout the network. The last ones are loose
    /// because float32 is: a ReLU whose input is within rounding of 0 passes a gradient on one side and none on
    /// the other, and with ResNet-50 at its start either library is 2e-2 away from float64
    /// (`bench/run resnet-parity --batch 8 --size 224`). Wrong ones are 1 away.
    @Override
    public List<Double> tolerances() {
        return train ? List.of(1e-5, 1e-3, 0.15) : List.of(1e-4);
    }

    private ResNet network() {
        ResNet net = new ResNet(config, features -> new Linear(features, classes));
        net.initialize(SEED);
        return net;
    }

    private float[] images(Settings s) {
        return Data.normals(s.batchOr(standardBatch) * image * image * 3, SEED);
    }

    /// The peer reads its weights from a file, so that its process never holds ours.
    @Override
    public void prepare(Settings s, Path folder) {
        SafeTensors.write(folder.resolve(WEIGHTS), StateDict.of(network()), Map.of());
    }

    @Override
    public Side ours(Settings s) {
        ResNet net = network();
        Device device = Device.jvm(s.threads).memoryMode(s.memory);
        Shape shape = Shape.of(s.batchOr(standardBatch), image, image, 3);
        if (!train) {
            Program logits = Program.trace(
                    "logits", p -> p.output("logits", net.forward(p.input("images", shape), Mode.EVALUATE)));
            Compiled compiled = device.compile(logits).feed("images", images(s));
            return new Side() {
                @Override
                public List<float[]> check(int row) {
                    return List.of(compiled.run().floats("logits"));
                }

                @Override
                public void run(int row) {
                    compiled.run();
                }
            };
        }
        Sgd sgd = new Sgd(new Sgd.Options(MOMENTUM, WEIGHT_DECAY), net.parameters());
        Compiled step = device.compile(step(net, sgd, shape, classes))
                .feed("images", images(s))
                .feed("labels", Data.labels(shape.dim(0), classes))
                .feed("learningRate", LEARNING_RATE);
        return new Side() {
            @Override
            public List<float[]> check(int row) {
                return List.of(step.run().floats("loss"), sample(LATE, sgd.momenta()), sample(EARLY, sgd.momenta()));
            }

            @Override
            public void run(int row) {
                step.run().scalar("loss");
            }
        };
    }

    static Program step(ResNet net, Sgd sgd, Shape shape, int classes) {
        return Program.trace("step", p -> {
            Tensor logits = net.forward(p.input("images", shape), Mode.TRAIN);
            Tensor loss = CrossEntropy.mean(logits, p.input("labels", Shape.of(shape.dim(0)), DType.I32));
            sgd.minimize(loss, p.scalar("learningRate"));
            p.output("loss", loss);
        });
    }

    /// Some of the numbers of some parameters' momenta, in PyTorch's order.
    private static float[] sample(List<String> names, List<Variable> momenta) {
        return Data.concat(names.stream()
                .map(name -> {
                    Variable v = momenta.stream()
                            .filter(m -> m.name().equals("momentum." + name))
                            .findFirst()
                            .orElseThrow();
                    long[] shape =
                            Arrays.stream(v.shape().dims()).asLongStream().toArray();
                    return Data.sample(EngineOrder.toTorch(Map.of(name, ArrayData.ofFloats(v.toArray(), shape)))
                            .get(name)
                            .toFloatArray());
                })
                .toArray(float[][]::new));
    }

    @Override
    public Side peer(Settings s, String variant) {
        Torch.threads(s.threads);
        MemoryFormat format = Torch.format(variant);
        TorchResNet net =
                new TorchResNet(SafeTensors.read(s.folder.resolve(WEIGHTS)).arrays(), ScalarType.Float, format);
        int n = s.batchOr(standardBatch);
        var images = org.bytedeco.pytorch.Tensor.create(images(s), n, image, image, 3)
                .permute(0, 3, 1, 2)
                .contiguous(format);
        System.gc(); // closes the mapped file
        return train ? new PeerStep(net, images, n) : new PeerLogits(net, images);
    }

    private record PeerLogits(TorchResNet net, org.bytedeco.pytorch.Tensor images) implements Side {
        @Override
        public List<float[]> check(int row) {
            try (PointerScope _ = new PointerScope();
                    NoGradGuard _ = new NoGradGuard()) {
                return List.of(Torch.floats(net.forward(images, false)));
            }
        }

        @Override
        public void run(int row) {
            try (PointerScope _ = new PointerScope();
                    NoGradGuard _ = new NoGradGuard()) {
                net.forward(images, false);
            }
        }
    }

    private final class PeerStep implements Side {
        private final TorchResNet net;
        private final org.bytedeco.pytorch.Tensor images;
        private final org.bytedeco.pytorch.Tensor labels;
        private final TorchSgd sgd;

        PeerStep(TorchResNet net, org.bytedeco.pytorch.Tensor images, int n) {
            this.net = net;
            this.images = images;
            this.labels =
                    org.bytedeco.pytorch.Tensor.create(Data.labels(n, classes)).to(ScalarType.Long);
            this.sgd = new TorchSgd(net.parameters(), MOMENTUM, WEIGHT_DECAY);
        }

        private float step() {
            try (PointerScope _ = new PointerScope()) {
                var loss = Torch.scoped(() -> torch.cross_entropy_loss(net.forward(images, true), labels));
                sgd.minimize(loss, LEARNING_RATE);
                return loss.item_float();
            }
        }

        @Override
        public List<float[]> check(int row) {
            return List.of(new float[] {step()}, sgd.sample(LATE), sgd.sample(EARLY));
        }

        @Override
        public void run(int row) {
            step();
        }
    }
}
