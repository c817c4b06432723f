package org.jmoco.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/// What a reader may do with a file of n bytes: read it, or refuse it with one line in the documented exception,
/// while it allocates at most `fixed + perByte · n` bytes of heap and takes at most ten seconds of CPU time.
///
/// @param documented the exception of a refusal
record Bounds(Class<? extends RuntimeException> documented, long fixed, long perByte) {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long MOST_CPU_NANOS = 10_000_000_000L;

    /// Something that reads a file and looks at what it read.
    @FunctionalInterface
    interface Reader {
        void read(byte[] file) throws Exception;
    }

    /// @throws AssertionError if the reader does anything else
    void hold(byte[] file, Reader reader) {
        long most = fixed + perByte * file.length;
        long allocated = allocatedBy(file, reader);
        // Whoever comes first pays for the classes and the caches of the JDK.
        for (int again = 0; again < 2 && allocated > most; again++) {
            allocated = allocatedBy(file, reader);
        }
        if (allocated > most) {
            throw new AssertionError("a file of " + file.length + " bytes took " + allocated + " bytes of memory");
        }
    }

    private long allocatedBy(byte[] file, Reader reader) {
        long bytes = THREADS.getCurrentThreadAllocatedBytes();
        long nanos = THREADS.getCurrentThreadCpuTime();
        try {
            reader.read(file);
        } catch (Exception e) {
            if (!documented.isInstance(e)) {
                throw new AssertionError("not the documented exception: " + e, e);
            }
            if (e.getMessage().isBlank() || e.getMessage().codePoints().anyMatch(Character::isISOControl)) {
                throw new AssertionError("a refusal is one line without control codes: " + e.getMessage(), e);
            }
        }
        bytes = THREADS.getCurrentThreadAllocatedBytes() - bytes;
        nanos = THREADS.getCurrentThreadCpuTime() - nanos;
        if (nanos > MOST_CPU_NANOS) {
            throw new AssertionError("a file of " + file.length + " bytes took " + nanos / 1_000_000 + " ms");
        }
        return bytes;
    }
}
