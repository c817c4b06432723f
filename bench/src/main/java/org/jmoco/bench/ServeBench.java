package org.jmoco.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.extract.FeatureService;
import org.jmoco.eval.extract.MicroBatcher;
import org.jmoco.nn.Arch;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.StateDict;
import org.jmoco.nn.data.augment.CenterCrop;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.loader.Streams;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.io.SafeTensors;

/// Features of ResNet-50 for clients that ask at the same time, each for one image after another. Both sides bring
/// together what is asked by the same [MicroBatcher]; behind it stands our engine, or LibTorch on batches of just the
/// size that has come together.
record ServeBench() implements Benchmark {
    private static final List<Integer> CLIENTS = List.of(1, 4, 16);
    private static final int ASKED = 2; // by a client in one run
    private static final int MOST = 16;
    private static final int SIDE = 224;
    private static final long SEED = 1;
    private static final String WEIGHTS = "weights.safetensors";
    private static final Pipeline PIPELINE = new Pipeline(List.of(new CenterCrop(SIDE)), Normalize.IMAGENET);

    @Override
    public String title(Settings s) {
        return "features of ResNet-50 for several clients, " + ASKED + " images of " + SIDE + "×" + SIDE + " each";
    }

    @Override
    public List<Row> rows(Settings s) {
        return CLIENTS.stream()
                .map(n -> new Row(n == 1 ? "1 client" : n + " clients", "", 0))
                .toList();
    }

    @Override
    public double warmUpSeconds() {
        return 15;
    }

    @Override
    public List<Double> tolerances() {
        return List.of(1e-4);
    }

    private static ResNet network() {
        ResNet net = new ResNet(ResNet.Config.of(Arch.RESNET50));
        net.initialize(SEED);
        return net;
    }

    @Override
    public void prepare(Settings s, Path folder) {
        SafeTensors.write(folder.resolve(WEIGHTS), StateDict.of(network()), Map.of());
    }

    @Override
    public Side ours(Settings s) {
        Device device = Device.jvm(s.threads).memoryMode(s.memory);
        return new Clients(new FeatureService(device, Encoder.of(network(), "seed"), PIPELINE, MOST)::features);
    }

    @Override
    public Side peer(Settings s, String variant) {
        Torch.threads(s.threads);
        MemoryFormat format = Torch.format(variant);
        TorchResNet net =
                new TorchResNet(SafeTensors.read(s.folder.resolve(WEIGHTS)).arrays(), ScalarType.Float, format);
        System.gc(); // closes the mapped file
        MicroBatcher<byte[], float[]> batcher =
                new MicroBatcher<>("features", MOST, views -> features(net, format, views));
        return new Clients(image ->
                batcher.ask(PIPELINE.apply(image, Streams.view(0, 0, 0, 0)).rgb()));
    }

    private static List<float[]> features(TorchResNet net, MemoryFormat format, List<byte[]> views) {
        int n = views.size();
        byte[] pixels = new byte[n * SIDE * SIDE * 3];
        for (int i = 0; i < n; i++) {
            System.arraycopy(views.get(i), 0, pixels, i * SIDE * SIDE * 3, SIDE * SIDE * 3);
        }
        try (PointerScope _ = new PointerScope();
                NoGradGuard _ = new NoGradGuard()) {
            var bytes = org.bytedeco.pytorch.Tensor.create(pixels, n, SIDE, SIDE, 3)
                    .to(ScalarType.Byte); // Java's bytes have a sign, the pixels none
            var images = bytes.permute(0, 3, 1, 2).to(ScalarType.Float).div(new Scalar(255));
            var x = images.sub(channels(PIPELINE.normalize().mean()))
                    .div(channels(PIPELINE.normalize().std()));
            float[] rows = Torch.floats(net.forward(x.contiguous(format), false));
            int width = rows.length / n;
            List<float[]> features = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                features.add(Arrays.copyOfRange(rows, i * width, (i + 1) * width));
            }
            return features;
        }
    }

    private static org.bytedeco.pytorch.Tensor channels(List<Double> values) {
        float[] three = new float[3];
        for (int c = 0; c < 3; c++) {
            three[c] = values.get(c).floatValue();
        }
        return org.bytedeco.pytorch.Tensor.create(three, 1, 3, 1, 1);
    }

    /// Threads that ask, and wait for their answers.
    private record Clients(Function<RgbImage, float[]> service) implements Side {
        @Override
        public List<float[]> check(int row) {
            return List.of(ask(CLIENTS.get(row)));
        }

        @Override
        public void run(int row) {
            ask(CLIENTS.get(row));
        }

        /// The features that all of them got.
        private float[] ask(int clients) {
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<float[]>> all = new ArrayList<>();
                for (int client = 0; client < clients; client++) {
                    int first = client * ASKED;
                    all.add(threads.submit(
                            () -> Data.concat(service.apply(image(first)), service.apply(image(first + 1)))));
                }
                float[][] features = new float[clients][];
                for (int client = 0; client < clients; client++) {
                    features[client] = all.get(client).get();
                }
                return Data.concat(features);
            } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }

        private static RgbImage image(int number) {
            byte[] rgb = new byte[SIDE * SIDE * 3];
            for (int i = 0; i < rgb.length; i++) {
                rgb[i] = (byte) ((i * 31 + number * 97) % 251);
            }
            return new RgbImage(SIDE, SIDE, rgb);
        }
    }
}
