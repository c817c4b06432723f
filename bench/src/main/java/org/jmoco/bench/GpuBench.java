package org.jmoco.bench;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jmoco.moco.config.Binder;
import org.jmoco.moco.config.ConfigTree;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.moco.inspect.Trial;
import org.jmoco.nn.BatchNorm2d;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Trace;
import org.jmoco.tensor.backend.Executable;
import org.jmoco.tensor.backend.tornado.TornadoBackend;
import org.jmoco.tensor.backend.tornado.Traffic;
import org.jmoco.tensor.ops.conv.Conv2d;
import org.jmoco.tensor.ops.conv.Conv2dInputGradient;
import org.jmoco.tensor.ops.conv.Conv2dWeightGradient;
import org.jmoco.tensor.ops.norm.BatchGroups;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// jmoco's side of `bench/gpu run`, on TornadoVM's first device: products, the convolutions of ResNet-50, batch
/// norm, the cost of a launch, a training step. PyTorch's side is `peers/gpu.py`, which names the same things by the
/// same words.
@Command(name = "GpuBench", description = "A part of bench/gpu run.", mixinStandardHelpOptions = true)
final class GpuBench implements Callable<Integer> {
    private static final String SIDE = "jmoco";
    private static final String RATE = "TFLOP/s";
    private static final int[] PRODUCTS = {8192, 4096, 2048, 1024};
    private static final int[] SMALL_PRODUCTS = {64};

    /// Pixels a side, channels in and out, kernel size, stride; the largest first, for the arenas grow with them.
    private static final int[][] CONVOLUTIONS = {
        {224, 3, 64, 7, 2},
        {56, 64, 256, 1, 1},
        {56, 64, 64, 3, 1},
        {56, 64, 64, 1, 1},
        {56, 128, 128, 3, 2},
        {28, 128, 512, 1, 1},
        {28, 128, 128, 3, 1},
        {28, 256, 256, 3, 2},
        {14, 1024, 256, 1, 1},
        {14, 256, 256, 3, 1},
        {7, 512, 2048, 1, 1},
        {7, 512, 512, 3, 1},
    };

    private static final int[][] SMALL_CONVOLUTIONS = {{7, 512, 512, 3, 1}};

    /// Pixels a side and channels.
    private static final int[][] NORMS = {{112, 64}, {56, 256}, {14, 1024}};

    private static final int[][] SMALL_NORMS = {{7, 512}};

    /// Steps before the measured ones whose time is printed.
    private static final int MOST_PRINTED = 5;

    private enum Part {
        PRODUCTS,
        CONVOLUTIONS,
        NORMS,
        LAUNCH,
        STEP,
        REPORT
    }

    @Parameters(paramLabel = "PART", description = "${COMPLETION-CANDIDATES}")
    private Part part;

    @Parameters(paramLabel = "OUT", description = "The file of results; for the report its folder.")
    private Path out;

    @Option(names = "--batch", defaultValue = "32", description = "images (default: ${DEFAULT-VALUE})")
    private int batch;

    @Option(
            names = "--times",
            defaultValue = "10",
            description = "runs to take the median of (default: ${DEFAULT-VALUE})")
    private int times;

    @Option(
            names = "--warm-up",
            defaultValue = "3",
            description = "steps before those that are measured: two before a program's launches are chained, and the "
                    + "one that chains them; what launches is compiled by the JVM after some hundred "
                    + "(default: ${DEFAULT-VALUE})")
    private int warmUp;

    @Option(names = "--side", defaultValue = SIDE, description = "the name of the column (default: ${DEFAULT-VALUE})")
    private String side;

    @Option(names = "--small", description = "sizes that only show that it works")
    private boolean small;

    private GpuBench() {}

    /// @param args see `--help`
    public static void main(String... args) {
        Locale.setDefault(Locale.ROOT);
        System.exit(new CommandLine(new GpuBench())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args));
    }

    @Override
    public Integer call() throws IOException {
        if (part == Part.REPORT) {
            GpuReport.write(out.resolve("results.jsonl"), out.resolve("machine.txt"), out.resolve("report.md"));
            return 0;
        }
        GpuResults results = new GpuResults(out, part.name().toLowerCase(Locale.ROOT));
        TornadoBackend backend = new TornadoBackend(0, 0);
        try (Device device = new Device(backend)) {
            switch (part) {
                case PRODUCTS -> products(backend, results);
                case CONVOLUTIONS -> convolutions(backend, results);
                case NORMS -> norms(backend, results);
                case LAUNCH -> launch(backend, results);
                case STEP -> step(backend, device, results);
                case REPORT -> throw new IllegalStateException();
            }
        }
        return 0;
    }

    private void products(TornadoBackend backend, GpuResults results) {
        for (int n : small ? SMALL_PRODUCTS : PRODUCTS) {
            Shape square = Shape.of(n, n);
            double seconds = seconds(
                    backend,
                    p -> p.output("y", p.input("a", square).matmul(p.input("b", square))),
                    node -> node.op().name().equals("matMul"));
            results.add(n + " × " + n + " × " + n, side, 2.0 * n * n * n / seconds * 1e-12, RATE);
        }
    }

    private void convolutions(TornadoBackend backend, GpuResults results) {
        for (int[] c : small ? SMALL_CONVOLUTIONS : CONVOLUTIONS) {
            Shape x = Shape.of(small ? 1 : batch, c[0], c[0], c[1]);
            Shape weight = Shape.of(c[3], c[3], c[1], c[2]);
            Conv2d op = Conv2d.of(c[4], c[3] / 2);
            Shape y = op.shapeOf(x, weight);
            double flops = op.flops(y, x, weight);
            String title = c[3] + "×" + c[3] + ", " + c[1] + " → " + c[2] + (c[4] > 1 ? ", stride " + c[4] : "")
                    + " at " + c[0];
            add(
                    results,
                    title + ", forward",
                    flops,
                    seconds(backend, p -> p.output("y", op.on(p.input("x", x), p.input("w", weight))), all()));
            if (c[1] > 3) { // nobody wants the gradient of the images
                add(
                        results,
                        title + ", input gradient",
                        flops,
                        seconds(
                                backend,
                                p -> p.output(
                                        "y", new Conv2dInputGradient(op, x).on(p.input("dy", y), p.input("w", weight))),
                                all()));
            }
            add(
                    results,
                    title + ", weight gradient",
                    flops,
                    seconds(
                            backend,
                            p -> p.output(
                                    "y", new Conv2dWeightGradient(op, weight).on(p.input("x", x), p.input("dy", y))),
                            all()));
        }
    }

    private static Predicate<Node> all() {
        return node -> true;
    }

    private void add(GpuResults results, String what, double flops, double seconds) {
        results.add(what, side, flops / seconds * 1e-12, RATE);
    }

    /// Training: statistics of the batch, then the normalised images. Bytes of images read twice and written once.
    private void norms(TornadoBackend backend, GpuResults results) {
        for (int[] c : small ? SMALL_NORMS : NORMS) {
            Shape x = Shape.of(small ? 2 : batch, c[0], c[0], c[1]);
            double seconds = seconds(
                    backend,
                    p -> {
                        Tensor ones = p.input("gamma", Shape.of(c[1]));
                        p.output(
                                "y",
                                p.input("x", x)
                                        .batchNorm(ones, ones, BatchGroups.WHOLE, BatchNorm2d.EPSILON)
                                        .y());
                    },
                    all());
            results.add(c[1] + " channels at " + c[0], side, 3.0 * Float.BYTES * x.size() / seconds * 1e-9, "GB/s");
        }
    }

    private void launch(TornadoBackend backend, GpuResults results) {
        double seconds =
                seconds(backend, p -> p.output("y", p.input("x", Shape.of(1)).relu()), all());
        results.add("a launch of one thread, with the wait for its end", side, seconds * 1e6, "µs");
    }

    /// The median time of some ops of a program on the device.
    private double seconds(TornadoBackend backend, Consumer<Trace> body, Predicate<Node> ops) {
        try (Executable executable =
                backend.compile(Program.trace("measured", body).graph())) {
            executable.plan().inputs().forEach((label, place) -> fill(executable, label));
            executable.run();
            backend.time(executable, 2);
            return backend.time(executable, times).entrySet().stream()
                            .filter(entry -> ops.test(entry.getKey()))
                            .mapToDouble(entry -> median(entry.getValue()))
                            .sum()
                    / 1e9;
        }
    }

    private static void fill(Executable executable, String label) {
        float[] some = Data.normals(1 << 16, label.hashCode());
        MemorySegment to = executable.input(label);
        for (long at = 0; at < to.byteSize(); at += 4L * some.length) {
            long bytes = Math.min(4L * some.length, to.byteSize() - at);
            MemorySegment.copy(MemorySegment.ofArray(some), 0, to, at, bytes);
        }
    }

    private static double median(List<Long> nanos) {
        return nanos.stream().sorted().toList().get(nanos.size() / 2);
    }

    /// MoCo v2 with ResNet-50 at 224 on made-up images, one rank.
    private void step(TornadoBackend backend, Device device, GpuResults results) {
        Trial trial = new Trial(config(), device);
        String what = "batch " + (small ? 4 : batch);
        Traffic begin = backend.traffic();
        for (int i = 0; i < warmUp; i++) {
            double seconds = trial.step() / 1e9;
            if (i < MOST_PRINTED) {
                System.out.printf(Locale.ROOT, "step %d: %.2f s%n", i + 1, seconds);
            }
        }
        Traffic compiled = backend.traffic();
        results.add(what + ", compilation", side, compiled.since(begin).compileMillis() / 1e3, "s");
        List<Long> nanos = new ArrayList<>();
        List<Long> cpu = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            long begun = cpu();
            nanos.add(trial.step());
            cpu.add(cpu() - begun);
        }
        long launches = backend.traffic().since(compiled).launches() / times;
        results.add(what, side, (small ? 4 : batch) / (median(nanos) / 1e9), "images/s");
        results.add(what + ", launches", side, launches, "");
        results.add(what + ", CPU of the thread that launches", side, median(cpu) / 1e6, "ms a step");
        results.add(what + ", memory", side, backend.held() / (double) (1L << 30), "GiB");
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private MocoConfig config() {
        List<String> overrides = new ArrayList<>(List.of("ranks=1", "ranks-at-once=1", "data.kind=sample"));
        overrides.add("batch=" + (small ? 4 : batch));
        if (small) {
            overrides.addAll(List.of(
                    "model.arch=resnet18", "model.width=8", "views={preset: cifar10, size: 32}", "contrast.queue=64"));
        }
        return Binder.bind(
                ConfigTree.override(
                        ConfigTree.read(Path.of("configs/mocov2_resnet50_8xb32-coslr-200e_in1k.yaml")), overrides),
                MocoConfig.defaults());
    }
}
