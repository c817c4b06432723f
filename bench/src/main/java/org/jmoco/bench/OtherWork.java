package org.jmoco.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// How much of the machine other programs took while something was measured: what the kernel counts as busy, less
/// what was measured.
final class OtherWork {
    private static final Path STAT = Path.of("/proc/stat");
    private static final double NANOS_A_TICK = 1e7;
    private static final int[] BUSY = {1, 2, 3, 6, 7, 8}; // user, nice, system, interrupts twice, stolen

    private double otherNanos;
    private double allNanos;
    private double ticks;
    private long start;

    /// A measurement begins.
    void begin() {
        start = System.nanoTime();
        ticks = busyTicks();
    }

    /// It has ended, and took so much CPU time itself.
    void end(long cpuNanos) {
        otherNanos += (busyTicks() - ticks) * NANOS_A_TICK - cpuNanos;
        allNanos += (System.nanoTime() - start) * (double) Runtime.getRuntime().availableProcessors();
    }

    /// Share of all cores, 0 … 1; NaN where the system does not tell.
    double share() {
        return Files.exists(STAT) ? Math.clamp(otherNanos / allNanos, 0, 1) : Double.NaN;
    }

    private static double busyTicks() {
        try {
            if (!Files.exists(STAT)) {
                return 0;
            }
            String[] fields = Files.readAllLines(STAT).getFirst().split(" +", -1);
            return Arrays.stream(BUSY)
                    .mapToDouble(i -> Double.parseDouble(fields[i]))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
