package org.jmoco.nn.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How much memory the process has: the Java heap, tensors outside it, and all else.
public final class ProcessMemory {
    private static final Path STATUS = Path.of("/proc/self/status");

    private ProcessMemory() {}

    /// Resident memory in MiB where the system tells (Linux), else the used Java heap.
    public static long mebibytes() {
        try {
            if (Files.exists(STATUS)) {
                for (String line : Files.readAllLines(STATUS)) {
                    if (line.startsWith("VmRSS:")) {
                        return Long.parseLong(line.replaceAll("\\D", "")) >> 10;
                    }
                }
            }
        } catch (IOException e) {
            return heap();
        }
        return heap();
    }

    private static long heap() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory() >> 20;
    }
}
