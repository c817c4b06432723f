package org.jmoco.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jmoco.eval.segment.SegmentStep;
import org.jmoco.eval.segment.Segmenter;
import org.jmoco.nn.EngineOrder;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.StateDict;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.optim.Sgd;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.SafeTensors;

/// A training step of FCN-D8 with its auxiliary head: forward, cross-entropy of every pixel, backward, SGD.
/// Without dropout, whose draws no two libraries share. Our step begins with bytes and normalises them, LibTorch's
/// with numbers that are normalised already.
///
/// @param image         pixels a side
/// @param standardBatch images a batch if the user says nothing
record FcnBench(ResNet.Config config, int image, int standardBatch, int classes) implements Benchmark {
    private static final long SEED = 1;
    private static final float MOMENTUM = 0.9f;
    private static final float WEIGHT_DECAY = 5e-4f;
    private static final float LEARNING_RATE = 1e-3f;
    private static final double AUXILIARY = 0.4;
    private static final String WEIGHTS = "weights.safetensors";

    private static final List<String> LATE =
            List.of("decode_head.conv_seg.weight", "decode_head.conv_seg.bias", "auxiliary_head.conv_seg.weight");
    private static final List<String> EARLY = List.of(
            "backbone.conv1.weight",
            "backbone.layer1.0.conv2.weight",
            "backbone.layer3.0.downsample.0.weight",
            "decode_head.conv_cat.conv.weight");

    @Override
    public String title(Settings s) {
        return "training step of FCN-D8 on " + config.arch() + ", batch " + s.batchOr(standardBatch) + " of " + image
                + "×" + image + ", " + classes + " classes";
    }

    @Override
    public List<Row> rows(Settings s) {
        return List.of(new Row("step", "", 0));
    }

    @Override
    public double warmUpSeconds() {
        return 20;
    }

    /// Loss, gradients of the classifiers, gradients throughout the network: see [ResNetBench#tolerances]. Batch
    /// norm of two images makes either library less exact than there.
    @Override
    public List<Double> tolerances() {
        return List.of(1e-4, 1e-2, 0.15);
    }

    private Segmenter network() {
        return new Segmenter(config, new Segmenter.Options(8, classes, false, 0), SEED);
    }

    private byte[] images(Settings s) {
        byte[] bytes = new byte[s.batchOr(standardBatch) * image * image * 3];
        float[] normals = Data.normals(bytes.length, SEED);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Math.clamp(Math.round(128 + 50 * normals[i]), 0, 255);
        }
        return bytes;
    }

    private int[] labels(Settings s) {
        return Data.labels(s.batchOr(standardBatch) * image * image, classes);
    }

    /// The peer reads its weights from a file, so that its process never holds ours.
    @Override
    public void prepare(Settings s, Path folder) {
        SafeTensors.write(folder.resolve(WEIGHTS), StateDict.of(network()), Map.of());
    }

    @Override
    public Side ours(Settings s) {
        int n = s.batchOr(standardBatch);
        Segmenter net = network();
        Sgd sgd = new Sgd(new Sgd.Options(MOMENTUM, WEIGHT_DECAY), net.parameters());
        Device device = Device.jvm(s.threads).memoryMode(s.memory);
        SegmentStep step = new SegmentStep(
                net, Normalize.IMAGENET, sgd, new SegmentStep.Batch(n, n, image, image), AUXILIARY, device);
        byte[] images = images(s);
        int[] extents = new int[2 * n];
        Arrays.fill(extents, image);
        int[] ids = labels(s);
        byte[] labels = new byte[ids.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (byte) ids[i];
        }
        return new Side() {
            @Override
            public List<float[]> check(int row) {
                float loss = step.run(images, extents, labels, LEARNING_RATE).total();
                return List.of(new float[] {loss}, sample(LATE, net, sgd), sample(EARLY, net, sgd));
            }

            @Override
            public void run(int row) {
                step.run(images, extents, labels, LEARNING_RATE);
            }
        };
    }

    /// Some of the numbers of some parameters' momenta, in PyTorch's order.
    private static float[] sample(List<String> names, Segmenter net, Sgd sgd) {
        List<String> all = List.copyOf(net.namedParameters().keySet());
        return Data.concat(names.stream()
                .map(name -> {
                    Variable v = sgd.momenta().get(all.indexOf(name));
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
        TorchFcn net = new TorchFcn(SafeTensors.read(s.folder.resolve(WEIGHTS)).arrays(), ScalarType.Float, format);
        int n = s.batchOr(standardBatch);
        var images = org.bytedeco.pytorch.Tensor.create(normalized(images(s)), n, image, image, 3)
                .permute(0, 3, 1, 2)
                .contiguous(format);
        var labels =
                org.bytedeco.pytorch.Tensor.create(labels(s), n, image, image).to(ScalarType.Long);
        System.gc(); // closes the mapped file
        TorchSgd sgd = new TorchSgd(net.parameters(), MOMENTUM, WEIGHT_DECAY);
        return new Side() {
            private float step() {
                try (PointerScope _ = new PointerScope()) {
                    var loss = Torch.scoped(() -> net.loss(images, labels, AUXILIARY));
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
        };
    }

    private static float[] normalized(byte[] rgb) {
        float[] values = new float[rgb.length];
        for (int i = 0; i < values.length; i++) {
            double mean = Normalize.IMAGENET.mean().get(i % 3);
            double std = Normalize.IMAGENET.std().get(i % 3);
            values[i] = (float) (((rgb[i] & 0xFF) / 255.0 - mean) / std);
        }
        return values;
    }
}
