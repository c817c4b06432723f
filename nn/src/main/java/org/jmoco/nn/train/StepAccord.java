package org.jmoco.nn.train;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jmoco.nn.processes.Processes;
import org.jmoco.nn.processes.Slices;

/// What the processes of a run tell each other after a step, so that all decide alike.
///
/// @param stop         whether anybody wants the run to stop
/// @param sinceSaved   nanoseconds since process 0 has saved
/// @param slowest      the process that took longest to load and to compute
/// @param loadMillis, computeMillis, waitMillis of that process: its wait for images, its own work, and how
///     long it stood still for the others and the network
record StepAccord(
        boolean stop, long sinceSaved, int slowest, double loadMillis, double computeMillis, double waitMillis) {
    private static final int VALUES = 5;

    /// Collective.
    static StepAccord of(
            Processes processes,
            boolean stop,
            long sinceSaved,
            double loadMillis,
            double computeMillis,
            double waitMillis) {
        if (processes.count() == 1) {
            return new StepAccord(stop, sinceSaved, 0, loadMillis, computeMillis, waitMillis);
        }
        MemorySegment all = Arena.ofAuto().allocate(ValueLayout.JAVA_DOUBLE, (long) VALUES * processes.count());
        double[] own = {stop ? 1 : 0, sinceSaved, loadMillis, computeMillis, waitMillis};
        MemorySegment.copy(
                own, 0, all, ValueLayout.JAVA_DOUBLE, (long) VALUES * Double.BYTES * processes.number(), VALUES);
        processes.gather(all, Slices.even(processes.count(), processes.count(), (long) VALUES * Double.BYTES));
        boolean any = false;
        int slowest = 0;
        for (int p = 0; p < processes.count(); p++) {
            any |= value(all, p, 0) != 0;
            if (value(all, p, 2) + value(all, p, 3) > value(all, slowest, 2) + value(all, slowest, 3)) {
                slowest = p;
            }
        }
        return new StepAccord(
                any,
                (long) value(all, 0, 1),
                slowest,
                value(all, slowest, 2),
                value(all, slowest, 3),
                value(all, slowest, 4));
    }

    private static double value(MemorySegment all, int process, int which) {
        return all.getAtIndex(ValueLayout.JAVA_DOUBLE, (long) VALUES * process + which);
    }
}
