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
import org.jmoco.nn.processes.Alone;
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
/// network. They take turns, round by round;
/// while process 0 is measured alone, the others sleep.
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

    @Option(names = "--rounds", defaultValue = "5", description = "of each, in turns (default: ${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--steps", defaultValue = "5", description = "a round (default: ${DEFAULT-VALUE})")
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
        boolean first = processes.number() == 0;
        double bits = slowestPair(processes);
        Stepper alone = first ? new Stepper(config(), alone()) : null;
        Stepper share = first ? new Stepper(config().share(processes.count()), alone()) : null;
        Stepper together = new Stepper(config(), processes);
        if (first) {
            alone.warmUp();
            share.warmUp();
        }
        meet(processes);
        together.warmUp();
        for (int round = 0; round < rounds; round++) {
            if (first) {
                alone.round();
                share.round();
            }
            meet(processes);
            together.round();
        }
        if (first) {
            report(processes, alone, share, together, bits);
        }
        processes.leave();
        return 0;
    }

    private void report(Processes processes, Stepper alone, Stepper share, Stepper together, double bits) {
        ProcessesForecast model = ProcessesForecast.of(
                config(), pixels(), share.millis().median() / 1000, processes.count(), gigabits.orElse(bits));
        List<Double> efficiencies = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            efficiencies.add(alone.roundMillis.get(round) / (processes.count() * together.roundMillis.get(round)));
        }
        Spread efficiency = Spread.of(efficiencies);
        System.out.printf(
                "%s, %d processes, ranks: %d, %d images of %d pixels a rank, %d thread(s) each, "
                        + "%d rounds of %d steps%n",
                processes.transport(), processes.count(), ranks, images, side, threads, rounds, steps);
        System.out.printf("  one process, all ranks         %s%n", text(alone.millis()));
        System.out.printf("  one process, its share         %s%n", text(share.millis()));
        System.out.printf(
                "  %d processes                    %s, of which %.1f standing still%n",
                processes.count(),
                text(together.millis()),
                Spread.of(together.waits).median());
        System.out.printf(
                "  by the model, at %.1f Gb/s     %9.1f ms, %.1f of which computed%n",
                model.gigabits(), 1000 * model.step(), 1000 * model.compute());
        System.out.printf(
                "result efficiency=%.3f (%.3f … %.3f) one_ms=%.1f together_ms=%.1f model_ms=%.1f model_ratio=%.3f%n",
                efficiency.median(),
                efficiency.min(),
                efficiency.max(),
                alone.millis().median(),
                together.millis().median(),
                1000 * model.step(),
                1000 * model.step() / together.millis().median());
    }

    /// A step of some ranks, on this process or on all.
    private final class Stepper {
        private final Processes processes;
        private final Moco moco;
        private final Step step;
        private final byte[] query;
        private final byte[] key;
        private final List<Double> roundMillis = new ArrayList<>();
        private final List<Double> waits = new ArrayList<>();
        private int taken;

        Stepper(MocoConfig config, Processes processes) {
            this.processes = processes;
            moco = new Moco(config, pixels());
            Device device = Device.jvm(threads);
            step = moco.on(device, processes);
            query = views(config.ranks(), 2);
            key = views(config.ranks(), 3);
        }

        void warmUp() {
            for (int i = 0; i < warmUp; i++) {
                take();
            }
        }

        /// Some steps, of which the median counts.
        void round() {
            take(); // the other sides have left their numbers in the caches
            List<Double> millis = new ArrayList<>();
            for (int i = 0; i < steps; i++) {
                millis.add(take());
                waits.add(step.waitedMillis());
            }
            roundMillis.add(Spread.of(millis).median());
        }

        private double take() {
            meet(processes);
            long start = System.nanoTime();
            step.run(query, key, moco.permutation(taken++), LEARNING_RATE);
            return (System.nanoTime() - start) * MILLIS;
        }

        Spread millis() {
            return Spread.of(roundMillis);
        }
    }

    private static Processes alone() {
        return new Alone("this machine");
    }

    private static String text(Spread millis) {
        return String.format("%9.1f ms a step (%.1f … %.1f)", millis.median(), millis.min(), millis.max());
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
                d.precision(),
                d.bn(),
                d.optimizer(),
                d.schedule(),
                d.knn(),
                d.checkpoint());
    }

    private Pixels pixels() {
        return Pixels.bytes(side, side, Normalize.IMAGENET);
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
