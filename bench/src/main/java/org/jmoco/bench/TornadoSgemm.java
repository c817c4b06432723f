package org.jmoco.bench;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jmoco.moco.config.Binder;
import org.jmoco.moco.config.ConfigTree;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.moco.inspect.Trial;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.backend.tornado.SgemmComparison;
import org.jmoco.tensor.backend.tornado.TornadoBackend;
import org.jmoco.tensor.backend.tornado.TornadoDevices;
import org.jmoco.tensor.backend.tornado.Traffic;

/// On a TornadoVM device: a plain tiled product of two matrices against the register-tiled one that programs use,
/// the cost of a launch, and what compiling a MoCo v2 step of ResNet-50 takes.
///
/// `bench/run tornado-sgemm --size 512`
public final class TornadoSgemm {
    private TornadoSgemm() {}

    /// Options `--device D:N` (default 0:0), `--size N` (default 512), `--times T` (default 15), `--batch B` of
    /// the step at 224 pixels (default 4; 0 leaves it out).
    public static void main(String... args) {
        Map<String, String> options = options(args);
        String[] numbers = options.getOrDefault("--device", "0:0").split(":", -1);
        int driver = Integer.parseInt(numbers[0]);
        int index = Integer.parseInt(numbers[1]);
        int size = Integer.parseInt(options.getOrDefault("--size", "512"));
        int batch = Integer.parseInt(options.getOrDefault("--batch", "4"));
        TornadoDevices.list()
                .forEach(d -> System.out.println("tornado:" + d.driver() + ":" + d.index() + " " + d.description()));
        SgemmComparison.Times times;
        try (SgemmComparison comparison = new SgemmComparison(driver, index, size)) {
            times = comparison.run(Integer.parseInt(options.getOrDefault("--times", "15")));
        }
        double flops = 2.0 * size * size * size;
        print("plain, 16 × 16 tiles in local memory", times.plain(), flops);
        print("ours, results of a tile in registers", times.ours(), flops);
        System.out.printf(
                Locale.ROOT,
                "%-40s median %8.3f ms, quartiles %.3f and %.3f%n",
                "a launch of one thread",
                quantile(times.empty(), 0.5),
                quantile(times.empty(), 0.25),
                quantile(times.empty(), 0.75));
        System.out.printf(Locale.ROOT, "relative L2 difference of the results %.1e%n", times.difference());
        if (batch > 0) {
            step(driver, index, batch);
        }
        System.out.printf(
                Locale.ROOT,
                "result ratio=%.2f ours=%.3fms plain=%.3fms launch=%.3fms%n",
                quantile(times.plain(), 0.5) / quantile(times.ours(), 0.5),
                quantile(times.ours(), 0.5),
                quantile(times.plain(), 0.5),
                quantile(times.empty(), 0.5));
        if (!(times.difference() < 1e-5)) {
            System.err.println("bench: the kernels do not compute the same");
            System.exit(1);
        }
    }

    private static Map<String, String> options(String... args) {
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 0; i < args.length; i += 2) {
            if (!List.of("--device", "--size", "--times", "--batch").contains(args[i]) || i + 1 == args.length) {
                throw new IllegalArgumentException(
                        "usage: [--device D:N] [--size N] [--times T] [--batch B], got " + String.join(" ", args));
            }
            options.put(args[i], args[i + 1]);
        }
        return options;
    }

    private static void print(String what, List<Long> nanos, double flops) {
        double median = quantile(nanos, 0.5);
        System.out.printf(
                Locale.ROOT,
                "%-40s median %8.3f ms, quartiles %.3f and %.3f, %.2f GFLOP/s%n",
                what,
                median,
                quantile(nanos, 0.25),
                quantile(nanos, 0.75),
                flops / median / 1e6);
    }

    /// In milliseconds.
    private static double quantile(List<Long> nanos, double q) {
        return nanos.stream().sorted().toList().get((int) (q * (nanos.size() - 1))) / 1e6;
    }

    private static void step(int driver, int index, int batch) {
        List<String> overrides = List.of("batch=" + batch, "ranks=1", "ranks-at-once=1", "data.kind=sample");
        MocoConfig config = Binder.bind(
                ConfigTree.override(
                        ConfigTree.read(Path.of("configs/mocov2_resnet50_8xb32-coslr-200e_in1k.yaml")), overrides),
                MocoConfig.defaults());
        TornadoBackend backend = new TornadoBackend(driver, index);
        try (Device device = new Device(backend)) {
            Trial trial = new Trial(config, device);
            for (int i = 1; i <= 2; i++) {
                Traffic before = backend.traffic();
                double seconds = trial.step() / 1e9;
                System.out.printf(
                        Locale.ROOT,
                        "ResNet-50, MoCo v2, batch %d at 224, step %d: %.1f s, %s%n",
                        batch,
                        i,
                        seconds,
                        backend.traffic().since(before));
            }
        }
    }
}
