package org.jmoco.bench;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jmoco.nn.processes.OrderedSum;
import org.jmoco.nn.processes.Processes;
import org.jmoco.nn.processes.Slices;
import org.jmoco.nn.processes.mpi.MpiProcesses;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The sum of a network's gradients over the processes of a launcher, in the order of ranks, beside the library's own
/// `MPI_Allreduce`, which has an order of its own. The two take turns.
///
/// `bench/run processes` starts it with each MPI that it finds.
@Command(
        name = "bench/run processes",
        description = "The sum of gradients over processes, in rank order, beside MPI_Allreduce.",
        mixinStandardHelpOptions = true)
final class ProcessesBench implements Callable<Integer> {
    private static final double MILLIS = 1e-6;

    /// Floats of the small gather that processes meet in: as many as a step's losses and accuracies.
    private static final int FEW = 16;

    @Option(
            names = "--floats",
            defaultValue = "28000000",
            description = "length of the vector; ResNet-50 with MoCo v2's head has 28 million (default)")
    private int floats;

    @Option(names = "--rounds", defaultValue = "20", description = "(default: ${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--warm-up", defaultValue = "20", description = "rounds before those (default: ${DEFAULT-VALUE})")
    private int warmUp;

    private Processes processes;
    private MemorySegment meeting;

    private ProcessesBench() {}

    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT);
        System.exit(new CommandLine(new ProcessesBench()).execute(args));
    }

    /// Wall and CPU time of some runs, all processes together.
    private final class Times {
        private final List<Double> wall = new ArrayList<>();
        private final List<Double> cpu = new ArrayList<>();

        void time(boolean counts, Runnable run) {
            meet();
            long cpuStart = CpuClock.nanos();
            long start = System.nanoTime();
            run.run();
            long taken = System.nanoTime() - start;
            long cpuTaken = CpuClock.nanos() - cpuStart;
            meeting.setAtIndex(JAVA_LONG, 2L * processes.number(), taken);
            meeting.setAtIndex(JAVA_LONG, 2L * processes.number() + 1, cpuTaken);
            meet();
            long slowest = 0;
            long all = 0;
            for (int p = 0; p < processes.count(); p++) {
                slowest = Math.max(slowest, meeting.getAtIndex(JAVA_LONG, 2L * p));
                all += meeting.getAtIndex(JAVA_LONG, 2L * p + 1);
            }
            if (counts) {
                wall.add(slowest * MILLIS);
                cpu.add(all * MILLIS);
            }
        }

        void print(String what) {
            Spread t = Spread.of(wall);
            say("  %-34s %9.3f ms (%.3f … %.3f), CPU of all %9.3f ms", what, t.median(), t.min(), t.max(), cpu());
        }

        double median() {
            return Spread.of(wall).median();
        }

        double cpu() {
            return Spread.of(cpu).median();
        }
    }

    private void meet() {
        processes.gather(meeting, Slices.even(processes.count(), processes.count(), 2L * Long.BYTES));
    }

    private void say(String format, Object... arguments) {
        if (processes.number() == 0) {
            System.out.printf(format + "%n", arguments);
        }
    }

    @Override
    public Integer call() {
        processes = MpiProcesses.join(MpiProcesses.TIMEOUT);
        if (!(processes instanceof MpiProcesses mpi)) {
            throw new BenchException("this benchmark is for several processes: start it by mpirun, as bench/run does");
        }
        meeting = Arena.global().allocate(JAVA_LONG, 2L * processes.count());
        MemorySegment gradient = vector();
        MemorySegment sum = vector();
        MemorySegment copy = vector();
        MemorySegment few = Arena.global().allocate(JAVA_FLOAT, (long) FEW * processes.count());
        OrderedSum ordered = new OrderedSum(processes, sum, 1);
        Times ours = new Times();
        Times exchange = new Times();
        Times library = new Times();
        Times copies = new Times();
        Times gathers = new Times();
        for (int i = 0; i < warmUp + rounds; i++) {
            boolean counts = i >= warmUp;
            ours.time(counts, () -> {
                ordered.add(List.of(gradient));
                ordered.share();
            });
            library.time(counts, () -> mpi.librarySum(copy));
            exchange.time(counts, () -> ordered.add(List.of(gradient)));
            ordered.share();
            copies.time(counts, () -> copy.copyFrom(gradient));
            gathers.time(
                    counts, () -> processes.gather(few, Slices.even(processes.count(), processes.count(), 4L * FEW)));
        }
        say(
                "%s, %d processes on %d host(s), %d floats",
                processes.transport(),
                processes.count(),
                processes.hosts().stream().distinct().count(),
                floats);
        ours.print("sum in rank order");
        exchange.print("  of that, exchange and addition");
        library.print("MPI_Allreduce");
        copies.print("copy of the vector");
        gathers.print("gather of " + FEW + " floats");
        say(
                "result ratio=%.3f cpu_ratio=%.3f ours_ms=%.3f library_ms=%.3f",
                library.median() / ours.median(), library.cpu() / ours.cpu(), ours.median(), library.median());
        processes.leave();
        return 0;
    }

    private MemorySegment vector() {
        MemorySegment memory = Arena.global().allocate((long) floats * Float.BYTES, 64);
        MemorySegment.copy(Data.normals(floats, processes.number()), 0, memory, JAVA_FLOAT, 0, floats);
        return memory;
    }
}
