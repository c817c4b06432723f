package org.jmoco.tensor.backend;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.NoSuchElementException;
import java.util.Optional;

/// Zeroed memory outside the heap. Large pieces come straight from the operating system where it is Linux: in pages
/// of 2 MiB, if it has any, and without being filled with zeros by one thread before they are used. A gigabyte in
/// pages of 4 KiB costs a second.
public final class LargeMemory {
    private static final int ALIGNMENT = 64;

    /// Smaller pieces are the allocator's: they are asked for more often, and soon filled.
    private static final long LARGE = 32L << 20;

    private static final long HUGE_PAGE = 2L << 20;

    private LargeMemory() {}

    /// Zeroed memory, 64-byte aligned, that is given back with its arena.
    public static MemorySegment allocate(Arena arena, long bytes) {
        return bytes < LARGE
                ? arena.allocate(bytes, ALIGNMENT)
                : Linux.map(arena, bytes).orElseGet(() -> arena.allocate(bytes, ALIGNMENT));
    }

    /// The calls of Linux; their numbers are those of x86 and ARM.
    private static final class Linux {
        private static final int READ_AND_WRITE = 3;
        private static final int PRIVATE_AND_ANONYMOUS = 0x22;
        private static final int HUGE_PAGES = 14;
        private static final long FAILED = -1;

        private static final MethodHandle MMAP =
                function("mmap", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
        private static final MethodHandle MADVISE = function("madvise", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
        private static final MethodHandle MUNMAP = function("munmap", JAVA_INT, JAVA_LONG, JAVA_LONG);

        /// Nothing where the calls are not to be had, or the system has no memory to give.
        static Optional<MemorySegment> map(Arena arena, long bytes) {
            if (MMAP == null || MADVISE == null || MUNMAP == null) {
                return Optional.empty();
            }
            try {
                // So much more that a large page may begin where the memory does.
                long size = bytes + HUGE_PAGE;
                long whole = (long) MMAP.invokeExact(0L, size, READ_AND_WRITE, PRIVATE_AND_ANONYMOUS, -1, 0L);
                if (whole == FAILED) {
                    return Optional.empty();
                }
                int advised = (int) MADVISE.invokeExact(whole, size, HUGE_PAGES); // small pages do as well
                long first = (whole + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
                return Optional.of(
                        MemorySegment.ofAddress(first).reinterpret(bytes, arena, ended -> giveBack(whole, size)));
            } catch (Throwable e) {
                throw new IllegalStateException("the system's memory calls failed", e);
            }
        }

        private static void giveBack(long whole, long size) {
            try {
                int unmapped = (int) MUNMAP.invokeExact(whole, size);
            } catch (Throwable e) {
                throw new IllegalStateException("the system's memory calls failed", e);
            }
        }

        private static MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
            if (!System.getProperty("os.name").equals("Linux")) {
                return null;
            }
            try {
                Linker linker = Linker.nativeLinker();
                return linker.downcallHandle(
                        linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, arguments));
            } catch (IllegalCallerException | NoSuchElementException | UnsupportedOperationException e) {
                return null;
            }
        }
    }
}
