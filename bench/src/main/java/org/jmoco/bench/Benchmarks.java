package org.jmoco.bench;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jmoco.eval.detect.DetectConfig;
import org.jmoco.nn.Arch;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.Stem;

/// The benchmarks by name.
final class Benchmarks {
    private static final Map<String, Supplier<Benchmark>> ALL = new LinkedHashMap<>();

    static {
        ALL.put("sgemm", SgemmBench::new);
        ALL.put("conv", ConvBench::new);
        ALL.put("resnet50-infer", () -> new ResNetBench(ResNet.Config.of(Arch.RESNET50), 224, 8, 1000, false));
        ALL.put("resnet50-train", () -> new ResNetBench(ResNet.Config.of(Arch.RESNET50), 224, 8, 1000, true));
        ALL.put(
                "resnet18-cifar-train",
                () -> new ResNetBench(ResNet.Config.of(Arch.RESNET18).stem(Stem.CIFAR), 32, 128, 10, true));
        ALL.put("moco-cifar", MocoBench::new);
        ALL.put("fcn-train", () -> new FcnBench(ResNet.Config.of(Arch.RESNET50), 256, 2, 21));
        ALL.put("c4-train", () -> new DetectBench(DetectConfig.Detector.C4, 20));
        ALL.put("fpn-train", () -> new DetectBench(DetectConfig.Detector.FPN, 80));
        ALL.put("loader", LoaderBench::new);
        ALL.put("serve", ServeBench::new);
    }

    private Benchmarks() {}

    static Benchmark of(String name) {
        Supplier<Benchmark> benchmark = ALL.get(name);
        if (benchmark == null) {
            throw new BenchException(
                    "there is no benchmark " + name + "; there are " + String.join(", ", ALL.keySet()));
        }
        return benchmark.get();
    }

    /// For the command line's help.
    static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return ALL.keySet().iterator();
        }
    }
}
