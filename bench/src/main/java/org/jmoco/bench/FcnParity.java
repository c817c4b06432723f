package org.jmoco.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jmoco.eval.segment.SegmentLoss;
import org.jmoco.eval.segment.Segmenter;
import org.jmoco.nn.Arch;
import org.jmoco.nn.EngineOrder;
import org.jmoco.nn.Mode;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.StateDict;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Gradients;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.io.ArrayData;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// How exact a training step of FCN-D8 is: loss and every gradient in float32, ours and LibTorch's in both of its
/// memory orders, each against LibTorch in float64. Distances are relative L2 norms. Gradients are compared with
/// float64 as it is, and with float64 on the sides of the ReLUs that each took, see [Sides].
///
/// ```
/// bench/run fcn-parity --depth 18 --batch 4 --size 65 --batches 5
/// ```
@Command(
        name = "bench/run fcn-parity",
        description = "Measures how exact the gradients of FCN-D8 are, beside LibTorch's.",
        mixinStandardHelpOptions = true)
final class FcnParity implements Runnable {
    private static final int CLASSES = 5;
    private static final double AUXILIARY = 0.4;
    private static final String LOSS = "loss";

    @Option(names = "--depth", defaultValue = "18", description = "18, 34 or 50 (default: ${DEFAULT-VALUE})")
    private int depth;

    @Option(names = "--batch", defaultValue = "4", description = "images a batch (default: ${DEFAULT-VALUE})")
    private int batch;

    @Option(names = "--size", defaultValue = "65", description = "pixels a side (default: ${DEFAULT-VALUE})")
    private int size;

    @Option(names = "--batches", defaultValue = "5", description = "with other images each (default: ${DEFAULT-VALUE})")
    private int batches;

    @Option(names = "--threads", defaultValue = "1", description = "of either side (default: ${DEFAULT-VALUE})")
    private int threads;

    private FcnParity() {}

    /// A network of five classes, without dropout.
    ///
    /// @param depth of its ResNet   @param batch images   @param size pixels a side
    FcnParity(int depth, int batch, int size) {
        this.depth = depth;
        this.batch = batch;
        this.size = size;
    }

    public static void main(String... args) {
        Locale.setDefault(Locale.ROOT);
        System.exit(new CommandLine(new FcnParity()).execute(args));
    }

    /// What one batch showed.
    ///
    /// @param loss      of ours and of LibTorch's contiguous weights
    /// @param whole     of all gradients as one vector, from float64 on the same sides
    /// @param plain     of every gradient by its parameter's name, from float64 as it is
    /// @param sameSides of every gradient, from float64 on the same sides
    /// @param other     of every gradient, LibTorch's channels-last weights in place of ours, as `plain`
    /// @param flips     values on another side than in float64: ours, LibTorch's, and with channels-last weights
    record Batch(
            Distances loss,
            Distances whole,
            Map<String, Distances> plain,
            Map<String, Distances> sameSides,
            Map<String, Distances> other,
            List<Long> flips) {
        static long beyond(Map<String, Distances> distances) {
            return distances.values().stream()
                    .filter(d -> d.ratio(Distances.ROUNDING) > Distances.ALLOWED)
                    .count();
        }
    }

    @Override
    public void run() {
        Torch.threads(threads);
        List<Batch> all = new ArrayList<>();
        try (Device device = Device.jvm(threads)) {
            for (int seed = 1; seed <= batches; seed++) {
                Batch b = measure(device, seed);
                all.add(b);
                System.out.printf(
                        "batch %d: loss %.1e / %.1e; gradients beyond 3 times LibTorch's of %d: ours %d, its channels-last %d, "
                                + "ours on the same sides %d; flips %s%n",
                        seed,
                        b.loss.ours(),
                        b.loss.peer(),
                        b.plain.size(),
                        Batch.beyond(b.plain),
                        Batch.beyond(b.other),
                        Batch.beyond(b.sameSides),
                        b.flips);
            }
        }
        Map<String, Distances> medians = medians(all);
        medians.forEach((name, d) -> {
            if (d.ratio(Distances.ROUNDING) > Distances.ALLOWED) {
                System.out.printf("  %s: %.2e / %.2e = %.2f%n", name, d.ours(), d.peer(), d.ratio(Distances.ROUNDING));
            }
        });
        double[] ratios = medians.values().stream()
                .mapToDouble(d -> d.ratio(Distances.ROUNDING))
                .sorted()
                .toArray();
        System.out.printf(
                "result gradients=%d beyond_on_same_sides=%d whole_ratio=%.2f median_ratio=%.2f worst_ratio=%.2f%n",
                ratios.length,
                Batch.beyond(medians),
                Distances.medians(all.stream().map(Batch::whole).toList()).ratio(0),
                ratios[ratios.length / 2],
                ratios[ratios.length - 1]);
    }

    /// The ratio of a typical gradient: the median over all of them.
    static double typical(Map<String, Distances> distances) {
        double[] ratios = distances.values().stream()
                .mapToDouble(d -> d.ratio(Distances.ROUNDING))
                .sorted()
                .toArray();
        return ratios[ratios.length / 2];
    }

    /// Of every gradient on the same sides, over several batches.
    static Map<String, Distances> medians(List<Batch> batches) {
        Map<String, Distances> medians = new LinkedHashMap<>();
        for (String name : batches.getFirst().sameSides.keySet()) {
            medians.put(
                    name,
                    Distances.medians(
                            batches.stream().map(b -> b.sameSides.get(name)).toList()));
        }
        return medians;
    }

    /// One training step on images and labels that follow from a seed.
    Batch measure(Device device, long seed) {
        ResNet.Config encoder = ResNet.Config.of(Arch.ofDepth(depth).orElseThrow());
        Segmenter net = new Segmenter(encoder, new Segmenter.Options(8, CLASSES, false, 0), 1);
        Map<String, ArrayData> state = StateDict.of(net);
        float[] images = Data.normals(batch * size * size * 3, seed);
        int[] labels = blobs();
        Sides exactSides = new Sides();
        Sides ourSides = new Sides();
        Sides peerSides = new Sides();
        Sides otherSides = new Sides();
        MemoryFormat plain = MemoryFormat.Contiguous;
        Map<String, double[]> exact = torch(state, ScalarType.Double, plain, images, labels, exactSides::relu);
        Map<String, double[]> peer = torch(state, ScalarType.Float, plain, images, labels, peerSides::relu);
        Map<String, double[]> last =
                torch(state, ScalarType.Float, MemoryFormat.ChannelsLast, images, labels, otherSides::relu);
        Map<String, double[]> ours = ours(device, net, images, labels, ourSides);
        Map<String, double[]> asOurs = torch(state, ScalarType.Double, plain, images, labels, ourSides.imposed());
        Map<String, double[]> asPeer = torch(state, ScalarType.Double, plain, images, labels, peerSides.imposed());
        Map<String, Distances> distances = new LinkedHashMap<>();
        Map<String, Distances> sameSides = new LinkedHashMap<>();
        Map<String, Distances> other = new LinkedHashMap<>();
        exact.forEach((name, values) -> {
            distances.put(name, Distances.of(values, ours.get(name), peer.get(name)));
            other.put(name, Distances.of(values, last.get(name), peer.get(name)));
            sameSides.put(
                    name,
                    new Distances(
                            Distances.of(asOurs.get(name), ours.get(name)),
                            Distances.of(asPeer.get(name), peer.get(name))));
        });
        Distances loss = distances.remove(LOSS);
        other.remove(LOSS);
        sameSides.remove(LOSS);
        List<Long> flips =
                List.of(ourSides.flips(exactSides), peerSides.flips(exactSides), otherSides.flips(exactSides));
        Distances whole =
                new Distances(Distances.of(joined(asOurs), joined(ours)), Distances.of(joined(asPeer), joined(peer)));
        return new Batch(loss, whole, distances, sameSides, other, flips);
    }

    /// All gradients, in the order of their names.
    private static double[] joined(Map<String, double[]> results) {
        return new TreeMap<>(results)
                .entrySet().stream()
                        .filter(e -> !e.getKey().equals(LOSS))
                        .flatMapToDouble(e -> Arrays.stream(e.getValue()))
                        .toArray();
    }

    /// Classes in squares, `[batch · size · size]`.
    private int[] blobs() {
        int[] labels = new int[batch * size * size];
        for (int i = 0; i < labels.length; i++) {
            int side = Math.max(1, size / 4);
            labels[i] = (i / (size * size) + i / size % size / side + i % size / side) % CLASSES;
        }
        return labels;
    }

    private Map<String, double[]> ours(Device device, Segmenter net, float[] images, int[] labels, Sides sides) {
        Map<String, Variable> parameters = net.namedParameters();
        byte[] bytes = new byte[labels.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) labels[i];
        }
        Program program = Program.trace("fcn-parity", p -> {
            Tensor x = p.input("x", Shape.of(batch, size, size, 3));
            Tensor given = p.input("labels", Shape.of(batch, size, size), DType.U8);
            Tensor loss = SegmentLoss.of(net, x, given, Mode.TRAIN, AUXILIARY).total();
            p.output(LOSS, loss);
            List<Tensor> gradients = Gradients.of(loss, List.copyOf(parameters.values()));
            int i = 0;
            for (String name : parameters.keySet()) {
                p.output(name, gradients.get(i++));
            }
        });
        device.backend().observe((node, result, _) -> sides.watch(node, result));
        try (Compiled step = device.compile(program)) {
            step.feed("x", images).feed("labels", bytes).run();
            Map<String, ArrayData> gradients = new LinkedHashMap<>();
            parameters.forEach((name, v) -> gradients.put(
                    name,
                    ArrayData.ofFloats(
                            step.floats(name),
                            Arrays.stream(v.shape().dims()).asLongStream().toArray())));
            Map<String, double[]> results = new LinkedHashMap<>();
            results.put(LOSS, new double[] {step.scalar(LOSS)});
            EngineOrder.toTorch(gradients).forEach((name, array) -> results.put(name, array.toDoubleArray()));
            return results;
        } finally {
            device.backend().observe(null);
        }
    }

    private Map<String, double[]> torch(
            Map<String, ArrayData> state,
            ScalarType type,
            MemoryFormat format,
            float[] images,
            int[] labels,
            UnaryOperator<org.bytedeco.pytorch.Tensor> relu) {
        try (PointerScope _ = new PointerScope()) {
            TorchFcn net = new TorchFcn(state, type, format);
            org.bytedeco.pytorch.Tensor x = org.bytedeco.pytorch.Tensor.create(images, batch, size, size, 3)
                    .to(type)
                    .permute(0, 3, 1, 2)
                    .contiguous(format);
            org.bytedeco.pytorch.Tensor given = org.bytedeco.pytorch.Tensor.create(labels, batch, size, size)
                    .to(ScalarType.Long);
            org.bytedeco.pytorch.Tensor loss = net.loss(x, given, AUXILIARY, relu);
            loss.backward();
            Map<String, double[]> results = new LinkedHashMap<>();
            results.put(LOSS, Torch.doubles(loss));
            net.parameters().forEach((name, p) -> results.put(name, Torch.doubles(p.grad())));
            return results;
        }
    }
}
