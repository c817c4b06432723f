package org.jmoco.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jmoco.nn.Linear;
import org.jmoco.nn.Mode;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.StateDict;
import org.jmoco.nn.losses.CrossEntropy;
import org.jmoco.nn.weights.EngineOrder;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Gradients;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.random.Philox;

/// How exact a training step of a ResNet is: logits and every gradient in float32, ours and LibTorch's, each against LibTorch in float64. The distance is the relative L2 norm of the
/// difference. Ours may be at most three times LibTorch's.
///
/// `bench/run resnet-parity --depth 50 --batch 2 --size 64`
public final class ResNetParity {
    private static final int CLASSES = 1000;
    private static final double ALLOWED = 3;

    private ResNetParity() {}

    /// Options `--depth 18|34|50` (default 50), `--stem imagenet|cifar`, `--batch N` (default 2), `--size PIXELS` (default 64), `--seed S` (default 1). Exits with 1 if something is too far off.
    public static void main(String... args) {
        Map<String, String> options = options(args);
        int batch = Integer.parseInt(options.getOrDefault("--batch", "2"));
        int size = Integer.parseInt(options.getOrDefault("--size", "64"));
        long seed = Long.parseLong(options.getOrDefault("--seed", "1"));
        ResNet.Stem stem = ResNet.Stem.valueOf(options.getOrDefault("--stem", "imagenet").toUpperCase(Locale.ROOT));
        int depth = Integer.parseInt(options.getOrDefault("--depth", "50"));
        ResNet net = new ResNet(ResNet.Config.of(depth).stem(stem), features -> new Linear(features, CLASSES));
        net.initialize(seed);
        Map<String, ArrayData> state = StateDict.of(net);
        float[] images = normals(batch * size * size * 3, seed);
        int[] labels = new int[batch];
        Arrays.setAll(labels, i -> 37 * i % CLASSES);

        float[] nchw = toNchw(images, batch, size);
        long[] shape = {batch, 3, size, size};
        long[] wideLabels = Arrays.stream(labels).asLongStream().toArray();
        Map<String, double[]> exact = torch(state, ScalarType.Double, nchw, shape, wideLabels);
        Map<String, double[]> peer = torch(state, ScalarType.Float, nchw, shape, wideLabels);
        Map<String, double[]> ours = train(net, Shape.of(batch, size, size, 3), images, labels);
        if (!report(exact, ours, peer)) {
            System.exit(1);
        }
    }

    private static Map<String, String> options(String... args) {
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 0; i < args.length; i += 2) {
            if (!List.of("--depth", "--stem", "--batch", "--size", "--seed").contains(args[i]) || i + 1 == args.length) {
                throw new IllegalArgumentException("usage: [--depth 18|34|50] [--stem imagenet|cifar] [--batch N] [--size PIXELS] [--seed S], got " + String.join(" ", args));
            }
            options.put(args[i], args[i + 1]);
        }
        return options;
    }

    /// Logits, loss and gradients in LibTorch.
    private static Map<String, double[]> torch(Map<String, ArrayData> state, ScalarType type, float[] images, long[] shape, long... labels) {
        TorchResNet net = new TorchResNet(state, type, MemoryFormat.Contiguous);
        org.bytedeco.pytorch.Tensor logits = net.forward(org.bytedeco.pytorch.Tensor.create(images, shape).to(type), true);
        org.bytedeco.pytorch.Tensor loss = torch.cross_entropy_loss(logits, org.bytedeco.pytorch.Tensor.create(labels, labels.length));
        loss.backward();
        Map<String, double[]> results = new LinkedHashMap<>();
        results.put("logits", Torch.doubles(logits));
        results.put("loss", Torch.doubles(loss));
        net.parameters().forEach((name, p) -> results.put(name, Torch.doubles(p.grad())));
        return results;
    }

    private static Map<String, double[]> train(ResNet net, Shape images, float[] x, int... labels) {
        Map<String, Variable> parameters = net.namedParameters();
        Program program = Program.trace("parity", p -> {
            Tensor logits = net.forward(p.input("x", images), Mode.TRAIN);
            Tensor loss = CrossEntropy.mean(logits, p.input("labels", Shape.of(labels.length), DType.I32));
            p.output("logits", logits);
            p.output("loss", loss);
            List<Tensor> gradients = Gradients.of(loss, List.copyOf(parameters.values()));
            int i = 0;
            for (String name : parameters.keySet()) {
                p.output(name, gradients.get(i++));
            }
        });
        Compiled step = Device.current().compile(program).feed("x", x).feed("labels", labels).run();
        Map<String, double[]> results = new LinkedHashMap<>();
        results.put("logits", ArrayData.ofFloats(step.floats("logits")).toDoubleArray());
        results.put("loss", ArrayData.ofFloats(step.floats("loss")).toDoubleArray());
        Map<String, ArrayData> gradients = new LinkedHashMap<>();
        parameters.forEach((name, v) -> gradients.put(name, ArrayData.ofFloats(step.floats(name), longs(v.shape()))));
        EngineOrder.toTorch(gradients).forEach((name, array) -> results.put(name, array.toDoubleArray()));
        return results;
    }

    /// Prints both distances for each value, the farthest ratio last.
    private static boolean report(Map<String, double[]> exact, Map<String, double[]> ours, Map<String, double[]> peer) {
        System.out.printf("%-36s %12s %12s %8s%n", "relative L2 distance from float64", "ours", "LibTorch", "ratio");
        List<Double> ratios = new ArrayList<>();
        for (String name : exact.keySet()) {
            double own = distance(exact.get(name), ours.get(name));
            double other = distance(exact.get(name), peer.get(name));
            System.out.printf("%-36s %12.3e %12.3e %8.2f%n", name, own, other, own / other);
            if (!name.equals("loss")) { // one number can be near by luck
                ratios.add(own / other);
            }
        }
        double ownWhole = distance(gradient(exact), gradient(ours));
        double otherWhole = distance(gradient(exact), gradient(peer));
        double worst = ratios.stream().max(Double::compare).orElseThrow();
        double median = ratios.stream().sorted().toList().get(ratios.size() / 2);
        System.out.printf(
                "result worst_ratio=%.2f median_ratio=%.2f logits_ratio=%.2f gradient_ours=%.3e gradient_peer=%.3e gradient_ratio=%.2f%n",
                worst, median, ratios.getFirst(), ownWhole, otherWhole, ownWhole / otherWhole);
        return worst <= ALLOWED;
    }

    private static double[] gradient(Map<String, double[]> results) {
        return results.entrySet().stream().filter(e -> e.getKey().contains(".")).flatMapToDouble(e -> Arrays.stream(e.getValue())).toArray();
    }

    private static double distance(double[] exact, double[] approximate) {
        if (exact.length != approximate.length) {
            throw new IllegalStateException("compared " + exact.length + " values with " + approximate.length);
        }
        double error = 0;
        double norm = 0;
        for (int i = 0; i < exact.length; i++) {
            error += (approximate[i] - exact[i]) * (approximate[i] - exact[i]);
            norm += exact[i] * exact[i];
        }
        return Math.sqrt(error / norm);
    }

    private static float[] normals(int n, long seed) {
        Philox draws = new Philox(seed, 0, 0, 0);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) draws.nextNormal();
        }
        return values;
    }

    private static float[] toNchw(float[] images, int batch, int size) {
        float[] to = new float[images.length];
        int pixels = size * size;
        for (int n = 0; n < batch; n++) {
            for (int i = 0; i < pixels; i++) {
                for (int c = 0; c < 3; c++) {
                    to[(n * 3 + c) * pixels + i] = images[(n * pixels + i) * 3 + c];
                }
            }
        }
        return to;
    }

    private static long[] longs(Shape shape) {
        return Arrays.stream(shape.dims()).asLongStream().toArray();
    }
}
