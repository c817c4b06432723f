package org.jmoco.tensor.backend.jvm;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;

/// What the JVM needs for itself while it runs programs.
///
/// Until the kernels are compiled, every vector is an object of the heap. So the young generation fills to its bound, however small the rest of the heap stays: that bound, `-XX:MaxNewSize`, is
/// part of what a process takes.
public final class JvmFootprint {
    /// The rest: classes, compiled code, a small old generation, and what the compiler takes for a while. Measured 170 to 250 MiB.
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

    /// The young generation of the heap, in bytes.
    public static long young() {
        long bytes = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            boolean old = pool.getName().contains("Old") || pool.getName().contains("Tenured");
            if (pool.getType() == MemoryType.HEAP && !old) {
                bytes += Math.max(0, pool.getUsage().getMax());
            }
        }
        return bytes > 0 ? bytes : Runtime.getRuntime().maxMemory(); // a collector without bound for the young ones
    }
}
