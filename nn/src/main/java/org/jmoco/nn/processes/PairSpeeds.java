package org.jmoco.nn.processes;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// How fast two processes exchange data, for every pair of them.
public final class PairSpeeds {
    private static final int SMALL_BYTES = 8;
    private static final int SMALL_SWAPS = 200;
    private static final int LARGE_BYTES = 4 << 20;
    private static final int LARGE_SWAPS = 10;
    private static final int WARM_UP = 3;

    private PairSpeeds() {}

    /// What was measured of a pair.
    ///
    /// @param first          the lower number   @param second the higher one
    /// @param micros         time of an exchange of 8 bytes
    /// @param bytesPerSecond in each direction, both at once, with 4 MiB at a time
    public record Pair(int first, int second, double micros, double bytesPerSecond) {}

    /// Measures them, pairs without a process in common at the same time. Collective; takes about 0.1 s for each other
    /// process on a fast network.
    ///
    /// @return all pairs, on every process, by their numbers
    public static List<Pair> measure(Processes processes) {
        int count = processes.count();
        int own = processes.number();
        MemorySegment results = Arena.ofAuto().allocate(ValueLayout.JAVA_DOUBLE, 2L * count * count);
        MemorySegment mine = results.asSlice(2L * Double.BYTES * count * own, 2L * Double.BYTES * count);
        MemorySegment sent = Arena.ofAuto().allocate(LARGE_BYTES);
        MemorySegment received = Arena.ofAuto().allocate(LARGE_BYTES);
        for (int round = 0; round < rounds(count); round++) {
            int other = partner(own, round, count);
            processes.gather(new byte[0]); // all begin together
            if (other != own) {
                // in the background there is no hand-over from thread to thread, which takes longer than a message
                processes
                        .inBackground(() -> {
                            double small = seconds(processes, other, sent, received, SMALL_BYTES, SMALL_SWAPS);
                            double large = seconds(processes, other, sent, received, LARGE_BYTES, LARGE_SWAPS);
                            mine.setAtIndex(ValueLayout.JAVA_DOUBLE, 2L * other, small * 1e6);
                            mine.setAtIndex(ValueLayout.JAVA_DOUBLE, 2L * other + 1, LARGE_BYTES / large);
                        })
                        .await();
            }
        }
        processes.gather(results, Slices.even(count, count, 2L * Double.BYTES * count));
        List<Pair> pairs = new ArrayList<>();
        for (int p = 0; p < count; p++) {
            for (int q = p + 1; q < count; q++) {
                long at = 2L * ((long) p * count + q);
                pairs.add(new Pair(
                        p,
                        q,
                        results.getAtIndex(ValueLayout.JAVA_DOUBLE, at),
                        results.getAtIndex(ValueLayout.JAVA_DOUBLE, at + 1)));
            }
        }
        return pairs;
    }

    private static double seconds(
            Processes processes, int other, MemorySegment sent, MemorySegment received, int bytes, int swaps) {
        long start = 0;
        for (int i = 0; i < WARM_UP + swaps; i++) {
            if (i == WARM_UP) {
                start = System.nanoTime();
            }
            processes.swap(other, sent.asSlice(0, bytes), received.asSlice(0, bytes));
        }
        return (System.nanoTime() - start) * 1e-9 / swaps;
    }

    /// Rounds of a tournament in which everybody meets everybody.
    static int rounds(int count) {
        return count % 2 == 0 ? count - 1 : count;
    }

    /// Whom a process meets in a round, by the circle method; itself if it has nobody to meet.
    static int partner(int number, int round, int count) {
        int rounds = rounds(count);
        int other = Math.floorMod(2 * round - number, rounds);
        if (count % 2 != 0) {
            return other;
        }
        // the last one meets whom the circle leaves over
        if (number == count - 1) {
            return round;
        }
        return number == round ? count - 1 : other;
    }
}
