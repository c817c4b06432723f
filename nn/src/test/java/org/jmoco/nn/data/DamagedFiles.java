package org.jmoco.nn.data;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.jmoco.tensor.io.Mutations;

/// Feeds a reader damaged copies of valid files, the same ones in every run: [Mutations#count] of them, 2,000, or
/// `-Djmoco.mutations=N`.
///
/// Each copy must be read or refused with a [DataException] of one line, within bounds of CPU time and of memory
/// allocated.
public final class DamagedFiles {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /// A reader that hangs takes for ever; the slowest copies take some hundredths of a second. CPU time, so that
    /// a busy machine does not matter.
    private static final long MOST_CPU_NANOS = 10_000_000_000L;

    private DamagedFiles() {}

    /// Something that reads a file.
    @FunctionalInterface
    public interface Reader {
        void read(byte[] file) throws Exception;
    }

    /// What became of the copies.
    ///
    /// @param mostBytes,mostMillis allocated and used by any one of them
    public record Outcome(int copies, int refused, long mostBytes, double mostMillis, double totalSeconds) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%d copies, %d refused, %d read; at most %.1f MB and %.0f ms CPU for one, %.1f s in all",
                    copies,
                    refused,
                    copies - refused,
                    mostBytes / 1e6,
                    mostMillis,
                    totalSeconds);
        }
    }

    /// Copy i is made from file i mod n.
    ///
    /// @param repair applied after the damage: what lets it through to deeper layers, such as checksums put right
    /// @param mostBytes that one copy may allocate
    public static Outcome feed(List<byte[]> valid, UnaryOperator<byte[]> repair, long mostBytes, Reader reader) {
        int refused = 0;
        long worstBytes = 0;
        long worstNanos = 0;
        long start = THREADS.getCurrentThreadCpuTime();
        for (int i = 0; i < Mutations.count(); i++) {
            byte[] damaged = repair.apply(Mutations.damage(valid.get(i % valid.size()), new SplittableRandom(i)));
            long bytes = THREADS.getCurrentThreadAllocatedBytes();
            long nanos = THREADS.getCurrentThreadCpuTime();
            try {
                reader.read(damaged);
            } catch (DataException e) {
                refused++;
                if (e.getMessage().lines().count() != 1) {
                    throw new AssertionError("damaged copy " + i + ": not one line: " + e.getMessage(), e);
                }
            } catch (Throwable e) {
                throw new AssertionError("damaged copy " + i + ": " + e, e);
            }
            worstBytes = Math.max(worstBytes, THREADS.getCurrentThreadAllocatedBytes() - bytes);
            worstNanos = Math.max(worstNanos, THREADS.getCurrentThreadCpuTime() - nanos);
            if (worstBytes > mostBytes || worstNanos > MOST_CPU_NANOS) {
                throw new AssertionError("damaged copy " + i + " took " + worstBytes + " bytes and "
                        + worstNanos / 1_000_000 + " ms CPU");
            }
        }
        return new Outcome(
                Mutations.count(),
                refused,
                worstBytes,
                worstNanos / 1e6,
                (THREADS.getCurrentThreadCpuTime() - start) / 1e9);
    }
}
