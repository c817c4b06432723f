package org.jmoco.bench;

import java.util.ArrayList;
import java.util.List;
import org.jmoco.tensor.Device;

/// How much of our work is not the device's: all but its kernels. On the JVM both run on the same cores, one after
/// the other.
final class HostTime {
    private final List<Double> shares = new ArrayList<>();
    private final List<Double> millis = new ArrayList<>();
    private long kernelNanos;

    HostTime(Device device) {
        device.backend().observe((_, _, nanos) -> kernelNanos += nanos);
    }

    /// Does some work and looks at it.
    void during(Runnable work) {
        kernelNanos = 0;
        long start = System.nanoTime();
        work.run();
        long all = System.nanoTime() - start;
        shares.add((double) (all - kernelNanos) / all);
        millis.add((all - kernelNanos) * 1e-6);
    }

    /// The median of the last half, in words.
    String remark() {
        int n = shares.size();
        return String.format(
                "host's part of a step %.1f %%, %.1f ms",
                100 * Spread.of(shares.subList(n / 2, n)).median(),
                Spread.of(millis.subList(n / 2, n)).median());
    }
}
