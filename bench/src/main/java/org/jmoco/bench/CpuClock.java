package org.jmoco.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// CPU time of this process, all threads together, native ones included. The JDK's own figure has steps of 10 ms.
final class CpuClock {
    private static final int PROCESS_CPUTIME = 2; // CLOCK_PROCESS_CPUTIME_ID of Linux
    private static final MethodHandle CLOCK_GETTIME = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("clock_gettime"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));

    /// Not of a confined arena: where one was ever read, every access of a kernel that is compiled later looks
    /// whose memory it is.
    private static final MemorySegment TIME = Arena.global().allocate(ValueLayout.JAVA_LONG, 2);

    private CpuClock() {}

    static synchronized long nanos() {
        try {
            int code = (int) CLOCK_GETTIME.invokeExact(PROCESS_CPUTIME, TIME);
            if (code != 0) {
                throw new IllegalStateException("clock_gettime failed");
            }
            return TIME.getAtIndex(ValueLayout.JAVA_LONG, 0) * 1_000_000_000
                    + TIME.getAtIndex(ValueLayout.JAVA_LONG, 1);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable t) {
            throw new IllegalStateException(t);
        }
    }
}
