package org.jmoco.bench;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jmoco.moco.algorithm.Moco;
import org.jmoco.moco.algorithm.Pixels;
import org.jmoco.moco.algorithm.Step;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.moco.forecast.ProcessesForecast;
import org.jmoco.nn.Arch;
import org.jmoco.nn.Stem;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.processes.PairSpeeds;
import org.jmoco.nn.processes.Processes;
import org.jmoco.nn.processes.Slices;
import org.jmoco.nn.processes.mpi.MpiProcesses;
import org.jmoco.tensor.Device;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// A step of MoCo v2 with a ResNet-50, taken by one process that has all ranks, and by all processes of a
/// launcher together, one rank at a time: how much of two machines' work is left when they work together, `e =
/// T(1) / (P · T(P))`. Beside it what `plan --processes` foretells, from a step of one process's share and the
/// network. While
/// process 0 is measured alone, the others sleep.
///
/// `bench/run steps-over-processes` starts it with each MPI that it finds.
@Command(
        name = "bench/run steps-over-processes",
        description = "A step of MoCo v2 with a ResNet-50 on one process and on several.",
        mixinStandardHelpOptions = true)
final class StepsBench implements Callable<Integer> {
    private static final float LEARNING_RATE = 0.03f;
    private static final double MILLIS = 1e-6;

    @Option(names = "--ranks", defaultValue = "2", description = "(default: ${DEFAULT-VALUE})")
    private int ranks;

    @Option(names = "--images", defaultValue = "8", description = "a rank (default: ${DEFAULT-VALUE})")
    private int images;

    @Option(names = "--side", defaultValue = "96", description = "of a view, pixels (default: ${DEFAULT-VALUE})")
    private int side;

    @Option(names = "--threads", defaultValue = "1", description = "of each process (default: ${DEFAULT-VALUE})")
    private int threads;

    @Option(
            names = "--gigabits",
            description =
                    "of the network between the processes, for the model; default: as measured, with what TCP and "
                            + "Ethernet add")
    private Optional<Double> gigabits = Optional.empty();

    @Option(names = "--warm-up", defaultValue = "20", description = "steps of each, first (default: ${DEFAULT-VALUE})")
    private int warmUp;

    @Option(names = "--steps", defaultValue = "10", description = "measured of each (default: ${DEFAULT-VALUE})")
    private int steps;

    private StepsBench() {}

    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT);
        System.exit(new CommandLine(new StepsBench()).execute(args));
    }

    @Override
    public Integer call() {
        Processes processes = MpiProcesses.join(MpiProcesses.TIMEOUT);
        if (processes.count() == 1) {
            throw new BenchException("this benchmark is for several processes: start it by mpirun, as bench/run does");
        }
        double alone = 0;
        double share = 0;
        if (processes.number() == 0) {
            alone = alone(config());
            share = alone(config().share(processes.count()));
        }
        meet(processes);
        double bits = slowestPair(processes);
        try (Device device = Device.jvm(threads)) {
            Moco moco = moco(config());
            Step step = moco.on(device, processes);
            List<Double> waits = new ArrayList<>();
            List<Double> all = times(moco, step, ranks, () -> {
                waits.add(step.waitedMillis());
                meet(processes);
            });
            if (processes.number() == 0) {
                Spread together = Spread.of(all);
                System.out.printf(
                        "%s, %d processes, ranks: %d, %d images of %d pixels a rank, %d thread(s) each%n",
                        processes.transport(), processes.count(), ranks, images, side, threads);
                System.out.printf("  one process, all ranks         %9.1f ms a step%n", alone);
                System.out.printf(
                        "  %d processes                    %9.1f ms a step (%.1f … %.1f), of which %.1f standing still%n",
                        processes.count(),
                        together.median(),
                        together.min(),
                        together.max(),
                        Spread.of(waits.subList(warmUp, waits.size())).median());
                ProcessesForecast model = ProcessesForecast.of(
                        config(), pixels(), share / 1000, processes.count(), gigabits.orElse(bits));
                System.out.printf(
                        "  by the model, at %.1f Gb/s     %9.1f ms a step, %.1f of which computed%n",
                        model.gigabits(), 1000 * model.step(), 1000 * model.compute());
                System.out.printf(
                        "result efficiency=%.3f one_ms=%.1f together_ms=%.1f model_ms=%.1f model_ratio=%.3f%n",
                        alone / (processes.count() * together.median()),
                        alone,
                        together.median(),
                        1000 * model.step(),
                        1000 * model.step() / together.median());
            }
        }
        processes.leave();
        return 0;
    }

    /// Milliseconds a step of one process, the others sleeping.
    private double alone(MocoConfig config) {
        try (Device device = Device.jvm(threads)) {
            Moco moco = moco(config);
            return Spread.of(times(moco, moco.on(device), config.ranks(), () -> {}))
                    .median();
        }
    }

    /// What the network between the slowest pair carries, with what its frames take: Gb/s.
    private static double slowestPair(Processes processes) {
        return PairSpeeds.measure(processes).stream()
                        .mapToDouble(PairSpeeds.Pair::bytesPerSecond)
                        .min()
                        .orElseThrow()
                * Byte.SIZE
                * 1e-9
                / ProcessesForecast.CARRIED;
    }

    private MocoConfig config() {
        MocoConfig d = MocoConfig.defaults();
        return new MocoConfig(
                "steps",
                1,
                d.data(),
                d.views(),
                new MocoConfig.Model(Arch.RESNET50, Stem.IMAGENET, 64, MocoConfig.Model.Head.MLP, 128),
                new MocoConfig.Contrast(0.2f, 4096, 0.999, false),
                ranks * images,
                ranks,
                1,
                d.memory(),
                d.bn(),
                d.optimizer(),
                d.schedule(),
                d.knn(),
                d.checkpoint());
    }

    private Pixels pixels() {
        return Pixels.bytes(side, side, Normalize.IMAGENET);
    }

    private Moco moco(MocoConfig config) {
        return new Moco(config, pixels());
    }

    /// Milliseconds of the measured steps.
    private List<Double> times(Moco moco, Step step, int ranksOfStep, Runnable after) {
        byte[] query = views(ranksOfStep, 2);
        byte[] key = views(ranksOfStep, 3);
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < warmUp + steps; i++) {
            long start = System.nanoTime();
            step.run(query, key, moco.permutation(i), LEARNING_RATE);
            if (i >= warmUp) {
                times.add((System.nanoTime() - start) * MILLIS);
            }
            after.run();
        }
        return times;
    }

    private byte[] views(int ranksOfStep, long seed) {
        float[] values = Data.normals(ranksOfStep * images * side * side * 3, seed);
        byte[] views = new byte[values.length];
        for (int i = 0; i < views.length; i++) {
            views[i] = (byte) Math.clamp(Math.round(128 + 50 * values[i]), 0, 255);
        }
        return views;
    }

    private static void meet(Processes processes) {
        MemorySegment words = Arena.ofAuto().allocate(JAVA_LONG, processes.count());
        processes.gather(words, Slices.even(processes.count(), processes.count(), Long.BYTES));
    }
}
