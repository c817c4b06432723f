package org.jmoco.bench;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jmoco.nn.Arch;
import org.jmoco.nn.Linear;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.optim.Sgd;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.plan.MemoryMode;
import org.jmoco.tensor.plan.MemoryUse;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The memory that the plan of a ResNet's training step foretells, beside the largest resident memory of this
/// process, which does nothing else. Exits with 1 if they are more than 10 % apart.
///
/// `bench/run plan-memory --depth 50 --batch 8`
@Command(
        name = "bench/run plan-memory",
        description = "Compares the memory foretold for a training step with what it takes.",
        mixinStandardHelpOptions = true)
final class PlanMemory implements Callable<Integer> {
    private static final double ALLOWED = 0.1;
    private static final int CLASSES = 1000;
    private static final double MIB = 1 << 20;

    @Option(names = "--depth", defaultValue = "50", description = "18, 34 or 50 (default: ${DEFAULT-VALUE})")
    private int depth;

    @Option(names = "--batch", defaultValue = "8", description = "images a batch (default: ${DEFAULT-VALUE})")
    private int batch;

    @Option(names = "--size", defaultValue = "224", description = "pixels a side (default: ${DEFAULT-VALUE})")
    private int size;

    @Option(names = "--threads", description = "(default: all cores)")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--memory", description = "AUTO or LEAST (default: ${DEFAULT-VALUE})")
    private MemoryMode memory = MemoryMode.AUTO;

    @Option(names = "--steps", defaultValue = "10", description = "(default: ${DEFAULT-VALUE})")
    private int steps;

    private PlanMemory() {}

    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT);
        System.exit(new CommandLine(new PlanMemory()).execute(args));
    }

    @Override
    public Integer call() throws IOException {
        if (SideMain.kib("VmHWM") == 0) {
            throw new BenchException("this system does not tell a process its largest resident memory");
        }
        ResNet net = new ResNet(
                ResNet.Config.of(Arch.ofDepth(depth).orElseThrow()), features -> new Linear(features, CLASSES));
        net.initialize(1);
        Sgd sgd = new Sgd(new Sgd.Options(0.9f, 1e-4f), net.parameters());
        Compiled step = Device.jvm(threads)
                .memoryMode(memory)
                .compile(ResNetBench.step(net, sgd, Shape.of(batch, size, size, 3), CLASSES));
        MemoryUse foretold = step.memory();
        step.feed("images", Data.normals(batch * size * size * 3, 1))
                .feed("labels", Data.labels(batch, CLASSES))
                .feed("learningRate", 1e-3f);
        for (int i = 0; i < steps; i++) {
            step.run();
        }
        double peak = SideMain.kib("VmHWM") / 1024.0;
        double total = foretold.total() / MIB;
        System.out.printf(
                "training step of ResNet-%d, batch %d of %d×%d, %d threads, MiB:%n", depth, batch, size, size, threads);
        System.out.printf("  parameters, momenta, statistics %8.1f%n", foretold.state() / MIB);
        System.out.printf("  activations                     %8.1f%n", foretold.activations() / MIB);
        System.out.printf("  inputs and outputs              %8.1f%n", foretold.inputsOutputs() / MIB);
        System.out.printf("  workspace of kernels            %8.1f%n", foretold.workspace() / MIB);
        System.out.printf("  allowance for the JVM           %8.1f%n", foretold.runtime() / MIB);
        System.out.printf("  foretold                        %8.1f%n", total);
        System.out.printf("  largest resident memory         %8.1f%n", peak);
        System.out.printf("result foretold_mib=%.1f peak_mib=%.1f ratio=%.3f%n", total, peak, total / peak);
        return Math.abs(total / peak - 1) <= ALLOWED ? 0 : 1;
    }
}
