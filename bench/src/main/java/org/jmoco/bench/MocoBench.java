package org.jmoco.bench;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jmoco.moco.algorithm.Moco;
import org.jmoco.moco.algorithm.Pixels;
import org.jmoco.moco.algorithm.Step;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.nn.Arch;
import org.jmoco.nn.EngineOrder;
import org.jmoco.nn.Stem;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.SafeTensors;

/// A whole step of MoCo v2 with a ResNet-18 on views of 32×32 in memory: both encoders, shuffled keys, loss,
/// backward, SGD, key encoder, queue.
final class MocoBench implements Benchmark {
    private static final int BATCH = 128;
    private static final int IMAGE = 32;
    private static final long SEED = 1;
    private static final float LEARNING_RATE = 0.03f;
    private static final MocoConfig.Contrast CONTRAST = new MocoConfig.Contrast(0.1f, 4096, 0.99, false);
    private static final MocoConfig.Optimizer OPTIMIZER = new MocoConfig.Optimizer(LEARNING_RATE, 0.9f, 5e-4f, false);
    private static final String STATE = "moco.safetensors";

    private static final List<String> LATE = List.of("fc.2.weight", "fc.2.bias");
    private static final List<String> EARLY = List.of(
            "conv1.weight", "bn1.bias", "layer1.0.conv2.weight", "layer3.0.downsample.0.weight", "layer4.1.bn2.weight");

    @Override
    public String title(Settings s) {
        return "step of MoCo v2, ResNet-18, batch " + s.batchOr(BATCH) + " of " + IMAGE + "×" + IMAGE + ", "
                + CONTRAST.queue() + " keys";
    }

    @Override
    public List<Row> rows(Settings s) {
        return List.of(new Row("step", "", 0));
    }

    @Override
    public double warmUpSeconds() {
        return 20;
    }

    /// Loss, and momenta after one step, late and early in the network. For the last see [ResNetBench#tolerances].
    @Override
    public List<Double> tolerances() {
        return List.of(1e-5, 1e-3, 0.15);
    }

    private static Moco moco(Settings s) {
        MocoConfig d = MocoConfig.defaults();
        MocoConfig.Model model = new MocoConfig.Model(Arch.RESNET18, Stem.CIFAR, 64, MocoConfig.Model.Head.MLP, 128);
        MocoConfig config = new MocoConfig(
                "moco-cifar",
                SEED,
                d.data(),
                d.views(),
                model,
                CONTRAST,
                s.batchOr(BATCH),
                1,
                1,
                s.memory,
                d.precision(),
                d.bn(),
                OPTIMIZER,
                d.schedule(),
                d.knn(),
                d.checkpoint());
        return new Moco(config, Pixels.floats(IMAGE, IMAGE));
    }

    private static float[] views(Settings s, long seed) {
        return Data.normals(s.batchOr(BATCH) * IMAGE * IMAGE * 3, seed);
    }

    private static int[] permutation(Settings s) {
        int n = s.batchOr(BATCH);
        int[] p = new int[n];
        Arrays.setAll(p, i -> (int) ((i * 37L + 11) % n)); // one for every n that 37 does not divide
        return p;
    }

    @Override
    public void prepare(Settings s, Path folder) {
        SafeTensors.write(folder.resolve(STATE), moco(s).save(), Map.of());
    }

    @Override
    public Side ours(Settings s) {
        Moco moco = moco(s);
        Step step = moco.on(Device.jvm(s.threads));
        MemorySegment queries = MemorySegment.ofArray(views(s, 2));
        MemorySegment keys = MemorySegment.ofArray(views(s, 3));
        int[] permutation = permutation(s);
        return new Side() {
            @Override
            public List<float[]> check(int row) {
                float loss = step.run(queries, keys, permutation, LEARNING_RATE).loss();
                return List.of(new float[] {loss}, sample(moco, LATE), sample(moco, EARLY));
            }

            @Override
            public void run(int row) {
                step.run(queries, keys, permutation, LEARNING_RATE);
            }
        };
    }

    private static float[] sample(Moco moco, List<String> names) {
        List<float[]> parts = new ArrayList<>();
        for (String name : names) {
            Variable v = moco.state().get("momentum." + name);
            long[] shape = Arrays.stream(v.shape().dims()).asLongStream().toArray();
            parts.add(Data.sample(EngineOrder.toTorch(Map.of(name, ArrayData.ofFloats(v.toArray(), shape)))
                    .get(name)
                    .toFloatArray()));
        }
        return Data.concat(parts.toArray(float[][]::new));
    }

    @Override
    public Side peer(Settings s, String variant) {
        Torch.threads(s.threads);
        TorchMoco.Options options = new TorchMoco.Options(
                CONTRAST.temperature(), CONTRAST.momentum(), OPTIMIZER.momentum(), OPTIMIZER.weightDecay(), 1);
        TorchMoco moco = new TorchMoco(
                SafeTensors.read(s.folder.resolve(STATE)).arrays(), ScalarType.Float, Torch.format(variant), options);
        Tensor queries = moco.images(views(s, 2), s.batchOr(BATCH), IMAGE, IMAGE);
        Tensor keys = moco.images(views(s, 3), s.batchOr(BATCH), IMAGE, IMAGE);
        int[] permutation = permutation(s);
        System.gc(); // closes the mapped file
        return new Side() {
            @Override
            public List<float[]> check(int row) {
                float loss = (float) moco.step(queries, keys, permutation, LEARNING_RATE);
                return List.of(
                        new float[] {loss}, moco.sgd().sample(LATE), moco.sgd().sample(EARLY));
            }

            @Override
            public void run(int row) {
                moco.step(queries, keys, permutation, LEARNING_RATE);
            }
        };
    }
}
