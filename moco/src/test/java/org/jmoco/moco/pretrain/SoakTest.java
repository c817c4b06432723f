package org.jmoco.moco.pretrain;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.jmoco.tensor.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// A long run takes no more than a short one. `-Djmoco.soak=N` sets the steps (160), of which 32 are an epoch and
/// every tenth is saved; what the process holds is looked at forty times.
class SoakTest {
    private static final int STEPS = Integer.getInteger("jmoco.soak", 160);
    private static final int LOOKS = 40;

    @TempDir
    Path temp;

    private final TestReporter reporter;
    private final List<Held> held = new ArrayList<>();
    private int step;

    SoakTest(TestReporter reporter) {
        this.reporter = reporter;
    }

    /// What the process holds after a full collection.
    ///
    /// @param heap,offHeap,resident bytes   @param files open file handles
    private record Held(long heap, long offHeap, long resident, long files) {
        static Held now() {
            System.gc();
            Runtime java = Runtime.getRuntime();
            long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                    .filter(pool -> pool.getName().equals("direct"))
                    .mapToLong(BufferPoolMXBean::getTotalCapacity)
                    .sum();
            long files = ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                    .getOpenFileDescriptorCount();
            return new Held(java.totalMemory() - java.freeMemory(), direct, residentBytes(), files);
        }

        private static long residentBytes() {
            try {
                return 1024
                        * Files.readAllLines(Path.of("/proc/self/status")).stream()
                                .filter(line -> line.startsWith("VmRSS:"))
                                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                                .sum();
            } catch (java.io.IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aLongRunHoldsNoMoreThanAShortOne() {
        try (Device device = Device.jvm(1)) {
            PretrainOptions options = TinyRun.into(temp.resolve("soak"), device).withStop(this::look);
            assertTrue(Pretraining.run(
                            KilledRunTest.config(
                                    "schedule.epochs=" + Math.ceilDiv(STEPS, 32),
                                    "data.limit=128",
                                    "checkpoint.every-steps=10"),
                            options)
                    .finished());
        }
        flat("heap", Held::heap, 2 << 20);
        flat("off-heap", Held::offHeap, 1 << 20);
        flat("resident", Held::resident, 24 << 20);
        flat("files", Held::files, 2);
    }

    private boolean look() {
        if (++step % Math.max(1, STEPS / LOOKS) == 0) {
            held.add(Held.now());
        }
        return false;
    }

    /// The median of the last quarter of the run against that of the second one: the first is warm-up.
    private void flat(String what, ToLongFunction<Held> of, long slack) {
        long early = median(held.subList(held.size() / 4, held.size() / 2), of);
        long late = median(held.subList(3 * held.size() / 4, held.size()), of);
        String figures = String.format(
                Locale.ROOT,
                "%,d in the second quarter of %,d steps, %,d in the last; %,d at the end",
                early,
                STEPS,
                late,
                of.applyAsLong(held.getLast()));
        reporter.publishEntry(what, figures);
        assertTrue(late - early <= slack, what + ": " + figures);
    }

    private static long median(List<Held> held, ToLongFunction<Held> of) {
        return held.stream()
                .mapToLong(of)
                .sorted()
                .skip(held.size() / 2)
                .findFirst()
                .orElseThrow();
    }
}
