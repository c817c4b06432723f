package org.jmoco.bench;

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

/// How exact a training step of a ResNet is: logits and every gradient in float32, ours and LibTorch's, each against LibTorch in float64. The distance is the relative L2 norm of the
/// difference. Ours may be at most three times LibTorch's.
///
/// `bench/run resnet-parity --depth 50 --batch 2 --size 64`
public final class ResNetParity {
    private static final int CLASSES = 1000;

    /// All gradients as one vector.
    static final String GRADIENT = "all gradients";

    /// Logits with the running statistics, after the training step.
    static final String EVALUATED = "evaluated";

    private ResNetParity() {}

    /// Options `--depth 18|34|50` (default 50), `--stem imagenet|cifar`, `--batch N` (default 2), `--size PIXELS` (default 64), `--seed S` (default 1). Exits with 1 if something is too far off.
    public static void main(String... args) {
        Map<String, String> options = options(args);
        int batch = Integer.parseInt(options.getOrDefault("--batch", "2"));
        int size = Integer.parseInt(options.getOrDefault("--size", "64"));
        long seed = Long.parseLong(options.getOrDefault("--seed", "1"));
        ResNet.Stem stem = ResNet.Stem.valueOf(options.getOrDefault("--stem", "imagenet").toUpperCase(Locale.ROOT));
        int depth = Integer.parseInt(options.getOrDefault("--depth", "50"));
        ResNet net = network(depth, stem, seed);
        if (!report(measure(net, StateDict.of(net), batch, size, seed))) {
            System.exit(1);
        }
    }

    /// A network of a thousand classes that begins from a seed.
    static ResNet network(int depth, ResNet.Stem stem, long seed) {
        ResNet net = new ResNet(ResNet.Config.of(depth).stem(stem), features -> new Linear(features, CLASSES));
        net.initialize(seed);
        return net;
    }

    /// One training step, then one evaluation: `logits`, `loss`, every gradient by its parameter's name, every running statistic by its own, `evaluated`.
    ///
    /// @param net   holds the values of `state`; its running statistics move
    /// @param state for LibTorch
    static Map<String, Distances> measure(ResNet net, Map<String, ArrayData> state, int batch, int size, long seed) {
        float[] images = Data.normals(batch * size * size * 3, seed);
        int[] labels = Data.labels(batch, CLASSES);
        float[] nchw = toNchw(images, batch, size);
        long[] shape = {batch, 3, size, size};
        long[] wideLabels = Arrays.stream(labels).asLongStream().toArray();
        Map<String, double[]> exact = torch(state, ScalarType.Double, nchw, shape, wideLabels);
        Map<String, double[]> peer = torch(state, ScalarType.Float, nchw, shape, wideLabels);
        Map<String, double[]> ours = train(net, Shape.of(batch, size, size, 3), images, labels);
        Map<String, Distances> distances = new LinkedHashMap<>();
        exact.forEach((name, values) -> distances.put(name, Distances.of(values, ours.get(name), peer.get(name))));
        List<String> gradients = exact.keySet().stream().filter(ResNetParity::isGradient).toList();
        distances.put(GRADIENT, Distances.of(joined(exact, gradients), joined(ours, gradients), joined(peer, gradients)));
        return distances;
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
        net.buffers().forEach((name, b) -> results.put(name, Torch.doubles(b)));
        results.put(EVALUATED, Torch.doubles(net.forward(org.bytedeco.pytorch.Tensor.create(images, shape).to(type), false)));
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
        net.named().forEach((name, v) -> {
            if (isStatistic(name)) {
                results.put(name, ArrayData.ofFloats(v.toArray()).toDoubleArray());
            }
        });
        Program evaluation = Program.trace("parity-evaluation", p -> p.output(EVALUATED, net.forward(p.input("x", images), Mode.EVALUATE)));
        results.put(EVALUATED, ArrayData.ofFloats(Device.current().compile(evaluation).feed("x", x).run().floats(EVALUATED)).toDoubleArray());
        return results;
    }

    static boolean isStatistic(String name) {
        return name.contains("running");
    }

    /// Prints both distances for each value.
    private static boolean report(Map<String, Distances> distances) {
        System.out.printf("%-36s %12s %12s %8s%n", "relative L2 distance from float64", "ours", "LibTorch", "ratio");
        distances.forEach((name, d) -> System.out.printf("%-36s %12.3e %12.3e %8.2f%n", name, d.ours(), d.peer(), d.ratio(0)));
        List<Double> ratios = distances.entrySet().stream().filter(e -> !e.getKey().equals("loss")).map(e -> e.getValue().ratio(0)).sorted().toList(); // one number can be near by luck
        Distances whole = distances.get(GRADIENT);
        System.out.printf(
                "result worst_ratio=%.2f median_ratio=%.2f logits_ratio=%.2f gradient_ours=%.3e gradient_peer=%.3e gradient_ratio=%.2f%n",
                ratios.getLast(), ratios.get(ratios.size() / 2), distances.get("logits").ratio(0), whole.ours(), whole.peer(), whole.ratio(0));
        return ratios.getLast() <= Distances.ALLOWED;
    }

    /// Gradients stand under their parameters' names.
    static boolean isGradient(String name) {
        return name.contains(".") && !isStatistic(name);
    }

    private static double[] joined(Map<String, double[]> results, List<String> names) {
        return names.stream().flatMapToDouble(name -> Arrays.stream(results.get(name))).toArray();
    }

    static float[] toNchw(float[] images, int batch, int size) {
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
