package org.jmoco.moco.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import org.jmoco.moco.inspect.ChromeTrace;
import org.jmoco.moco.inspect.OpProfile;
import org.jmoco.moco.inspect.Peaks;
import org.jmoco.moco.inspect.Trial;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.backend.jvm.JvmBackend;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `jmoco profile`: which ops of a training step take the time.
@Command(
        name = "profile",
        description = "Runs a few training steps on made-up images on the jvm device and tells which ops take the "
                + "time, and how far they are from this machine's measured peak.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: jmoco profile --config configs/smoke.yaml",
            "Example: jmoco profile --config configs/smoke.yaml --by-shape --trace step.json"
        })
public final class ProfileCommand implements Runnable {
    @Mixin
    private ConfigOptions config;

    @Option(
            names = "--threads",
            paramLabel = "N",
            converter = Count.OfThreads.class,
            description = "Threads that compute. Default: all cores.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            converter = Count.OrNone.class,
            description = "Steps before the measured ones, for the compiler. Default: ${DEFAULT-VALUE}.",
            defaultValue = "10")
    private int warmUp;

    @Option(
            names = "--steps",
            paramLabel = "N",
            converter = Count.class,
            description = "Measured steps. Default: ${DEFAULT-VALUE}.",
            defaultValue = "5")
    private int steps;

    @Option(names = "--by-shape", description = "A row for each op and shape of its operands.")
    private boolean byShape;

    @Option(
            names = "--trace",
            paramLabel = "FILE",
            description = "Also writes the last step as a trace that chrome://tracing opens.")
    private Path trace;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        JvmBackend backend = new JvmBackend(threads);
        PrintWriter out = spec.commandLine().getOut();
        try (Device device = new Device(backend)) {
            device.use();
            Trial trial = new Trial(config.read(), device);
            for (int i = 0; i < warmUp; i++) {
                trial.step();
            }
            OpProfile profile = byShape ? OpProfile.byShape() : OpProfile.byOp();
            backend.observe(profile);
            long nanos = 0;
            for (int i = 0; i < steps; i++) {
                nanos += trial.step();
            }
            if (trace != null) {
                ChromeTrace events = new ChromeTrace();
                backend.observe(events);
                trial.step();
                events.write(trace);
            }
            backend.observe(null);
            print(out, profile, nanos, Peaks.measure(device));
        }
        out.flush();
    }

    private void print(PrintWriter out, OpProfile profile, long nanos, Peaks peaks) {
        int width = Math.max(
                24,
                profile.rows().stream().mapToInt(r -> r.name().length()).max().orElse(0));
        out.printf(
                Locale.ROOT,
                "%-" + width + "s %6s %9s %6s %9s %6s %8s %6s%n",
                "op",
                "calls",
                "ms",
                "share",
                "GFLOP/s",
                "peak",
                "GB/s",
                "peak");
        for (OpProfile.Row row : profile.rows()) {
            out.printf(
                    Locale.ROOT,
                    "%-" + width + "s %6d %9.2f %5.1f%% %9.1f %5.0f%% %8.1f %5.0f%%%n",
                    row.name(),
                    row.calls() / steps,
                    row.nanos() / 1e6 / steps,
                    100.0 * row.nanos() / nanos,
                    row.gigaflops(),
                    100 * row.gigaflops() / peaks.gigaflops(),
                    row.gigabytes(),
                    100 * row.gigabytes() / peaks.gigabytes());
        }
        out.printf(
                Locale.ROOT,
                "peak, measured: %.0f GFLOP/s in a matrix product, %.0f GB/s in a sum of large tensors%n",
                peaks.gigaflops(),
                peaks.gigabytes());
        out.println(new ResultLine()
                .percent("stepMillis", nanos / 1e6 / steps)
                .percent("kernelMillis", profile.nanos() / 1e6 / steps));
    }
}
