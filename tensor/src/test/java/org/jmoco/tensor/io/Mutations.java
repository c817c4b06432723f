package org.jmoco.tensor.io;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Feeds a reader thousands of damaged copies of a valid file, the same ones in every run.
///
/// `-Djmoco.mutations=N` sets their number (default 2,000). A reader passes if each copy is either
/// read or refused with the documented exception, within ten seconds of CPU time and a heap memory
/// that its length allows; everything else fails the test and names the copy.
public final class Mutations {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long MOST_CPU_NANOS = 10_000_000_000L;
    private static final long MOST_BYTES = 4 << 20;
    private static final long MOST_BYTES_PER_BYTE = 512;

    private static final int[] AWKWARD = {0, 1, 2, 0x7f, 0x80, 0xff, '{', '}', '[', ']', '"', '.', '(', ')', 'R', 'b'};

    private Mutations() {}

    public static int count() {
        return Integer.getInteger("jmoco.mutations", 2_000);
    }

    /// Runs `reader` on damaged copies of `valid`. Returns how many were refused.
    public static int feed(byte[] valid, Predicate<Throwable> documented, Consumer<MemorySegment> reader) {
        int refused = 0;
        for (int i = -1; i < count(); i++) {
            // The file itself comes first and loads the classes.
            byte[] damaged = i < 0 ? valid.clone() : damage(valid, new SplittableRandom(i));
            long bytes = THREADS.getCurrentThreadAllocatedBytes();
            long nanos = THREADS.getCurrentThreadCpuTime();
            try {
                reader.accept(MemorySegment.ofArray(damaged));
            } catch (Throwable t) {
                if (!documented.test(t)) {
                    throw new AssertionError("damaged copy " + i + ": " + t, t);
                }
                refused += i < 0 ? 0 : 1;
            }
            bytes = THREADS.getCurrentThreadAllocatedBytes() - bytes;
            nanos = THREADS.getCurrentThreadCpuTime() - nanos;
            if (i >= 0 && bytes > MOST_BYTES + MOST_BYTES_PER_BYTE * damaged.length || nanos > MOST_CPU_NANOS) {
                throw new AssertionError("damaged copy " + i + " of " + damaged.length + " bytes took " + bytes
                        + " bytes and " + nanos / 1_000_000 + " ms CPU");
            }
        }
        return refused;
    }

    /// One to eight edits: overwrite, flip a bit, cut, repeat, insert, and widen a length field.
    public static byte[] damage(byte[] valid, SplittableRandom random) {
        byte[] b = valid.clone();
        int edits = 1 + random.nextInt(8);
        for (int i = 0; i < edits && b.length > 0; i++) {
            // Half of the edits fall in the first 200 bytes, where headers are.
            int at = random.nextInt(random.nextBoolean() ? Math.min(200, b.length) : b.length);
            switch (random.nextInt(7)) {
                case 0 -> b[at] = (byte) random.nextInt();
                case 1 -> b[at] = (byte) AWKWARD[random.nextInt(AWKWARD.length)];
                case 2 -> b[at] ^= (byte) (1 << random.nextInt(8));
                case 3 -> b = Arrays.copyOf(b, at);
                case 4 -> b = splice(b, at, at, Arrays.copyOfRange(b, at, Math.min(b.length, at + random.nextInt(40))));
                case 5 -> b = splice(b, at, Math.min(b.length, at + random.nextInt(16)), new byte[0]);
                default -> {
                    byte fill = (byte) (random.nextBoolean() ? 0xff : 0x7f);
                    Arrays.fill(b, at, Math.min(b.length, at + 1 + random.nextInt(8)), fill);
                }
            }
        }
        return b;
    }

    private static byte[] splice(byte[] b, int from, int to, byte[] insert) {
        byte[] result = new byte[b.length - (to - from) + insert.length];
        System.arraycopy(b, 0, result, 0, from);
        System.arraycopy(insert, 0, result, from, insert.length);
        System.arraycopy(b, to, result, from + insert.length, b.length - to);
        return result;
    }
}
