package org.jmoco.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jmoco.moco.algorithm.Moco;
import org.jmoco.moco.algorithm.Pixels;
import org.jmoco.moco.algorithm.Step;
import org.jmoco.moco.config.Binder;
import org.jmoco.moco.config.ConfigTree;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.SafeTensors;
import org.jmoco.tensor.random.Philox;

/// A step of MoCo's CIFAR-10 demo, on views in memory: key encoder moved on, keys encoded in shuffled order, queries encoded, loss against the queue, backward, SGD, keys enqueued. Split batch norm
/// in 8 groups. Our side takes bytes and normalises them, LibTorch gets floats that are normalised already.
final class MocoBench implements Benchmark {
    private static final int BATCH = 128;
    private static final int SIDE = 32;
    private static final float LEARNING_RATE = 1e-3f;
    private static final String STATE = "state.safetensors";
    private static final String CONFIG = "moco_resnet18_b512-coslr-200e_cifar10.yaml";
    private static final List<String> COMPARED = List.of("conv1.weight", "layer2.0.downsample.0.weight", "layer4.1.bn2.weight", "fc.weight");

    private static MocoConfig config(Settings s) {
        Path file = Path.of(System.getProperty("bench.home", "bench"), "..", "configs", CONFIG);
        return Binder.bind(ConfigTree.override(ConfigTree.read(file), List.of("batch=" + s.batchOr(BATCH))), MocoConfig.defaults());
    }

    private static byte[] views(Settings s, int which) {
        byte[] bytes = new byte[s.batchOr(BATCH) * SIDE * SIDE * 3];
        Philox draws = new Philox(which, 0, 0, 0);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) draws.below(256);
        }
        return bytes;
    }

    @Override
    public String title(Settings s) {
        return "step of MoCo on CIFAR-10, ResNet-18, batch " + s.batchOr(BATCH) + ", queue " + config(s).contrast().queue();
    }

    @Override
    public List<Row> rows(Settings s) {
        return List.of(new Row("step", "", 0));
    }

    @Override
    public double warmUpSeconds() {
        return 20;
    }

    /// Loss, and gradients, which float32 leaves some thousandths apart, see [ResNetBench#tolerances].
    @Override
    public List<Double> tolerances() {
        return List.of(1e-5, 0.15);
    }

    @Override
    public void prepare(Settings s, Path folder) {
        SafeTensors.write(folder.resolve(STATE), moco(s).save(), Map.of());
    }

    private static Moco moco(Settings s) {
        return new Moco(config(s), Pixels.bytes(SIDE, SIDE, Normalize.CIFAR));
    }

    @Override
    public Side ours(Settings s) {
        Moco moco = moco(s);
        Step step = moco.on(Device.jvm(s.threads));
        byte[] queries = views(s, 1);
        byte[] keys = views(s, 2);
        return new Side() {
            private long done;

            @Override
            public List<float[]> check(int row) {
                float loss = step.run(queries, keys, moco.permutation(done++), LEARNING_RATE).loss();
                Map<String, ArrayData> state = moco.save();
                float[][] momenta = COMPARED.stream().map(name -> Data.sample(state.get("momentum." + name).toFloatArray())).toArray(float[][]::new);
                return List.of(new float[] {loss}, Data.concat(momenta));
            }

            @Override
            public void run(int row) {
                step.run(queries, keys, moco.permutation(done++), LEARNING_RATE);
            }
        };
    }

    @Override
    public Side peer(Settings s, String variant) {
        Torch.threads(s.threads);
        MemoryFormat format = Torch.format(variant);
        MocoConfig config = config(s);
        TorchMoco moco = new TorchMoco(config, SafeTensors.read(s.folder.resolve(STATE)).arrays(), ScalarType.Float, format);
        Tensor queries = normalized(views(s, 1), s.batchOr(BATCH), format);
        Tensor keys = normalized(views(s, 2), s.batchOr(BATCH), format);
        Tensor permutation = Tensor.create(moco(s).permutation(0)).to(ScalarType.Long);
        System.gc();
        return new Side() {
            @Override
            public List<float[]> check(int row) {
                return List.of(new float[] {(float) moco.step(queries, keys, permutation, LEARNING_RATE)}, moco.sgd().sample(COMPARED));
            }

            @Override
            public void run(int row) {
                moco.step(queries, keys, permutation, LEARNING_RATE);
            }
        };
    }

    private static Tensor normalized(byte[] pixels, int n, MemoryFormat format) {
        float[] floats = new float[pixels.length];
        for (int i = 0; i < floats.length; i++) {
            double mean = Normalize.CIFAR.mean().get(i % 3);
            double deviation = Normalize.CIFAR.std().get(i % 3);
            floats[i] = (float) ((Byte.toUnsignedInt(pixels[i]) / 255.0 - mean) / deviation);
        }
        return Tensor.create(floats, n, SIDE, SIDE, 3).permute(0, 3, 1, 2).contiguous(format);
    }
}
