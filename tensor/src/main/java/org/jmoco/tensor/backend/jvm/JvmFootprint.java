package org.jmoco.tensor.backend.jvm;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/// What the JVM needs for itself while it runs programs.
///
/// Until the kernels are compiled, every vector is an object of the heap. So the young generation fills to its
/// bound, however small the rest of the heap stays: that bound, `-XX:MaxNewSize`, is part of what a process takes.
public final class JvmFootprint {
    /// The rest: classes, compiled code, a small old generation, and what the compiler takes for a while. Measured
    /// 170 to 250 MiB.
    private static final long BESIDES_THE_YOUNG = 200L << 20;

    private JvmFootprint() {}

    /// All of it, in bytes.
    public static long bytes() {
        return BESIDES_THE_YOUNG + young();
    }

    /// Bytes that the machine has, or the container.
    public static long machineBytes() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
    }

    /// Bytes that this process may come to: what it holds, and what the machine or the container has left beside
    /// other programs. Where the system does not tell, all that there is.
    static long room() {
        long all = machineBytes();
        OptionalLong held = kibibytes(Path.of("/proc/self/status"), "VmRSS:");
        OptionalLong left = kibibytes(Path.of("/proc/meminfo"), "MemAvailable:");
        return held.isPresent() && left.isPresent() ? Math.min(all, (held.getAsLong() + left.getAsLong()) << 10) : all;
    }

    /// The number behind a name, as Linux writes it: `VmRSS:     1234 kB`.
    private static OptionalLong kibibytes(Path file, String name) {
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /// The most that the young generation of the heap may grow to, in bytes. Of the flag, as the pools of memory tell
    /// what is left beside the survivors of the moment: less, and another number after each collection.
    public static long young() {
        long bound = Long.parseLong(ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .getVMOption("MaxNewSize")
                .getValue());
        long heap = Runtime.getRuntime().maxMemory();
        return bound > 0 && bound < heap ? bound : heap; // a collector without bound for the young ones
    }
}
