package org.jmoco.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jmoco.nn.Arch;
import org.jmoco.nn.EngineOrder;
import org.jmoco.nn.Linear;
import org.jmoco.nn.Mode;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.StateDict;
import org.jmoco.nn.Stem;
import org.jmoco.nn.losses.CrossEntropy;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Gradients;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.io.ArrayData;

/// How exact a training step of a ResNet is: logits and every gradient in float32, ours and LibTorch's, each
/// against LibTorch in float64. The distance is the relative L2 norm of the difference. Ours may be at most three
/// times LibTorch's. Gradients are compared twice, with float64 as it is and with float64 on the sides of the
/// ReLUs that each took, see [Sides].
///
/// `bench/run resnet-parity --depth 50 --batch 2 --size 64`
public final class ResNetParity {
    private static final int CLASSES = 1000;

    /// All gradients as one vector.
    static final String GRADIENT = "all gradients";

    /// Behind the name of a gradient: from float64 on the same sides.
    static final String SAME_SIDES = ", same sides";

    /// Logits with the running statistics, after the training step.
    static final String EVALUATED = "evaluated";

    private final ResNet net;
    private final int batch;
    private final int size;
    private final Device device;
    private final Compiled step;
    private final Compiled evaluation;

    /// What one batch showed.
    ///
    /// @param distances `logits`, `loss`, every gradient by its parameter's name, every running statistic by its
    ///     own, [#EVALUATED], [#GRADIENT], and the gradients with [#SAME_SIDES]
    /// @param ourFlips  values in front of a ReLU that lay on the other side of 0 than in float64, in our pass
    /// @param peerFlips the same of LibTorch in float32
    record Batch(Map<String, Distances> distances, long ourFlips, long peerFlips) {}

    /// @param net of which the values, running statistics too, are those of the state that is measured
    ResNetParity(ResNet net, int batch, int size, Device device) {
        this.net = net;
        this.batch = batch;
        this.size = size;
        this.device = device;
        step = device.compile(step(net, Shape.of(batch, size, size, 3)));
        evaluation = device.compile(Program.trace(
                "parity-evaluation",
                p -> p.output(EVALUATED, net.forward(p.input("x", Shape.of(batch, size, size, 3)), Mode.EVALUATE))));
    }

    /// Options `--depth 18|34|50` (default 50), `--stem imagenet|cifar`, `--batch N` (default 2), `--size PIXELS`
    /// (default 64), `--seed S` (default 1). Exits with 1 if something is too far off.
    public static void main(String... args) {
        Map<String, String> options = options(args);
        int batch = Integer.parseInt(options.getOrDefault("--batch", "2"));
        int size = Integer.parseInt(options.getOrDefault("--size", "64"));
        long seed = Long.parseLong(options.getOrDefault("--seed", "1"));
        Stem stem = Stem.valueOf(options.getOrDefault("--stem", "imagenet").toUpperCase(Locale.ROOT));
        int depth = Integer.parseInt(options.getOrDefault("--depth", "50"));
        ResNet net = network(depth, stem, seed);
        if (!report(new ResNetParity(net, batch, size, Device.current()).measure(StateDict.of(net), seed))) {
            System.exit(1);
        }
    }

    /// A network of a thousand classes that begins from a seed.
    static ResNet network(int depth, Stem stem, long seed) {
        ResNet net = new ResNet(
                ResNet.Config.of(Arch.ofDepth(depth).orElseThrow()).stem(stem),
                features -> new Linear(features, CLASSES));
        net.initialize(seed);
        return net;
    }

    /// One training step, then one evaluation, of images and labels that follow from a seed.
    ///
    /// @param state what all begin from; the network's running statistics move on from it
    Batch measure(Map<String, ArrayData> state, long seed) {
        float[] images = Data.normals(batch * size * size * 3, seed);
        int[] labels = Data.labels(batch, CLASSES);
        Sides exactSides = new Sides();
        Sides ourSides = new Sides();
        Sides peerSides = new Sides();
        Map<String, double[]> exact = torch(state, ScalarType.Double, images, labels, exactSides::relu);
        Map<String, double[]> peer = torch(state, ScalarType.Float, images, labels, peerSides::relu);
        StateDict.load(net, state);
        Map<String, double[]> ours = train(images, labels, ourSides);
        Map<String, Distances> distances = new LinkedHashMap<>();
        exact.forEach((name, values) -> distances.put(name, Distances.of(values, ours.get(name), peer.get(name))));
        long ourFlips = ourSides.flips(exactSides);
        long peerFlips = peerSides.flips(exactSides);
        Map<String, double[]> asOurs =
                ourFlips == 0 ? exact : torch(state, ScalarType.Double, images, labels, ourSides.imposed());
        Map<String, double[]> asPeer =
                peerFlips == 0 ? exact : torch(state, ScalarType.Double, images, labels, peerSides.imposed());
        exact.keySet().stream()
                .filter(ResNetParity::isGradient)
                .forEach(name -> distances.put(
                        name + SAME_SIDES,
                        new Distances(
                                Distances.of(asOurs.get(name), ours.get(name)),
                                Distances.of(asPeer.get(name), peer.get(name)))));
        distances.put(GRADIENT, new Distances(ofGradients(exact, ours), ofGradients(exact, peer)));
        distances.put(GRADIENT + SAME_SIDES, new Distances(ofGradients(asOurs, ours), ofGradients(asPeer, peer)));
        return new Batch(distances, ourFlips, peerFlips);
    }

    private static double ofGradients(Map<String, double[]> exact, Map<String, double[]> approximate) {
        List<String> names =
                exact.keySet().stream().filter(ResNetParity::isGradient).toList();
        return Distances.of(joined(exact, names), joined(approximate, names));
    }

    private static Map<String, String> options(String... args) {
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 0; i < args.length; i += 2) {
            if (!List.of("--depth", "--stem", "--batch", "--size", "--seed").contains(args[i])
                    || i + 1 == args.length) {
                throw new IllegalArgumentException(
                        "usage: [--depth 18|34|50] [--stem imagenet|cifar] [--batch N] [--size PIXELS] [--seed S], got "
                                + String.join(" ", args));
            }
            options.put(args[i], args[i + 1]);
        }
        return options;
    }

    /// Logits, loss, gradients, running statistics and logits with these in LibTorch.
    ///
    /// @param relu of the training step
    private Map<String, double[]> torch(
            Map<String, ArrayData> state,
            ScalarType type,
            float[] images,
            int[] labels,
            UnaryOperator<org.bytedeco.pytorch.Tensor> relu) {
        try (PointerScope _ = new PointerScope()) {
            TorchResNet net = new TorchResNet(state, type, MemoryFormat.Contiguous);
            org.bytedeco.pytorch.Tensor x = org.bytedeco.pytorch.Tensor.create(
                            toNchw(images, batch, 3), batch, 3, size, size)
                    .to(type);
            org.bytedeco.pytorch.Tensor logits = net.forward(x, true, relu);
            org.bytedeco.pytorch.Tensor loss = torch.cross_entropy_loss(
                    logits,
                    org.bytedeco.pytorch.Tensor.create(
                            Arrays.stream(labels).asLongStream().toArray(), batch));
            loss.backward();
            Map<String, double[]> results = new LinkedHashMap<>();
            results.put("logits", Torch.doubles(logits));
            results.put("loss", Torch.doubles(loss));
            net.parameters().forEach((name, p) -> results.put(name, Torch.doubles(p.grad())));
            net.buffers().forEach((name, b) -> results.put(name, Torch.doubles(b)));
            results.put(EVALUATED, Torch.doubles(net.forward(x, false)));
            return results;
        }
    }

    private static Program step(ResNet net, Shape images) {
        Map<String, Variable> parameters = net.namedParameters();
        return Program.trace("parity", p -> {
            Tensor logits = net.forward(p.input("x", images), Mode.TRAIN);
            Tensor loss = CrossEntropy.mean(logits, p.input("labels", Shape.of(images.dim(0)), DType.I32));
            p.output("logits", logits);
            p.output("loss", loss);
            List<Tensor> gradients = Gradients.of(loss, List.copyOf(parameters.values()));
            int i = 0;
            for (String name : parameters.keySet()) {
                p.output(name, gradients.get(i++));
            }
        });
    }

    private Map<String, double[]> train(float[] x, int[] labels, Sides sides) {
        device.backend().observe((node, result, _) -> sides.watch(node, result));
        try {
            step.feed("x", x).feed("labels", labels).run();
        } finally {
            device.backend().observe(null);
        }
        Map<String, double[]> results = new LinkedHashMap<>();
        results.put("logits", ArrayData.ofFloats(step.floats("logits")).toDoubleArray());
        results.put("loss", ArrayData.ofFloats(step.floats("loss")).toDoubleArray());
        Map<String, ArrayData> gradients = new LinkedHashMap<>();
        net.namedParameters()
                .forEach((name, v) -> gradients.put(name, ArrayData.ofFloats(step.floats(name), longs(v.shape()))));
        EngineOrder.toTorch(gradients).forEach((name, array) -> results.put(name, array.toDoubleArray()));
        net.named().forEach((name, v) -> {
            if (isStatistic(name)) {
                results.put(name, ArrayData.ofFloats(v.toArray()).toDoubleArray());
            }
        });
        results.put(
                EVALUATED,
                ArrayData.ofFloats(evaluation.feed("x", x).run().floats(EVALUATED))
                        .toDoubleArray());
        return results;
    }

    static boolean isStatistic(String name) {
        return name.contains("running");
    }

    /// All but the loss, which is one number and can be near by luck, and gradients that a flip can move.
    private static boolean isHeldToTheTolerance(String name) {
        return name.endsWith(SAME_SIDES) || (!name.equals("loss") && !name.equals(GRADIENT) && !isGradient(name));
    }

    /// Prints both distances for each value.
    private static boolean report(Batch measured) {
        System.out.printf("%-36s %12s %12s %8s%n", "relative L2 distance from float64", "ours", "LibTorch", "ratio");
        measured.distances()
                .forEach((name, d) ->
                        System.out.printf("%-36s %12.3e %12.3e %8.2f%n", name, d.ours(), d.peer(), d.ratio(0)));
        List<Double> ratios = measured.distances().entrySet().stream()
                .filter(e -> isHeldToTheTolerance(e.getKey()))
                .map(e -> e.getValue().ratio(Distances.ROUNDING))
                .sorted()
                .toList();
        Distances whole = measured.distances().get(GRADIENT);
        System.out.printf(
                "result worst_ratio=%.2f median_ratio=%.2f logits_ratio=%.2f gradient_ours=%.3e "
                        + "gradient_peer=%.3e gradient_ratio=%.2f same_sides_ratio=%.2f flips_ours=%d "
                        + "flips_peer=%d%n",
                ratios.getLast(),
                ratios.get(ratios.size() / 2),
                measured.distances().get("logits").ratio(0),
                whole.ours(),
                whole.peer(),
                whole.ratio(0),
                measured.distances().get(GRADIENT + SAME_SIDES).ratio(0),
                measured.ourFlips(),
                measured.peerFlips());
        return ratios.getLast() <= Distances.ALLOWED;
    }

    /// Gradients stand under their parameters' names.
    private static boolean isGradient(String name) {
        return name.contains(".") && !isStatistic(name);
    }

    private static double[] joined(Map<String, double[]> results, List<String> names) {
        return names.stream()
                .flatMapToDouble(name -> Arrays.stream(results.get(name)))
                .toArray();
    }

    /// `[n, h, w, c]` to `[n, c, h, w]`.
    static float[] toNchw(float[] nhwc, int n, int c) {
        float[] to = new float[nhwc.length];
        int pixels = nhwc.length / (n * c);
        for (int image = 0; image < n; image++) {
            for (int i = 0; i < pixels; i++) {
                for (int channel = 0; channel < c; channel++) {
                    to[(image * c + channel) * pixels + i] = nhwc[(image * pixels + i) * c + channel];
                }
            }
        }
        return to;
    }

    private static long[] longs(Shape shape) {
        return Arrays.stream(shape.dims()).asLongStream().toArray();
    }
}
