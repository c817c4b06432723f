package org.jmoco.tensor.backend.jvm.runtime;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The kind of memory that kernels work on: outside the Java heap, and not a mapped file.
public final class OffHeap {
    private static final Class<?> KIND = Arena.global().allocate(1).getClass();

    /// An address has fewer bits than this everywhere. Behind it the compiler knows that it is not negative.
    private static final long ADDRESS = (1L << 57) - 1;

    private OffHeap() {}

    /// All memory as one segment whose offsets are addresses, for code that has shown before where it reads and
    /// writes. A look at its bounds is a look at the sign, or none where the compiler knows it.
    ///
    /// @throws IllegalCallerException if the JVM was started so that it denies native access
    public static MemorySegment all() {
        return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    }

    /// The address of memory that has not been given back.
    ///
    /// @throws IllegalStateException if it has
    public static long base(MemorySegment segment) {
        if (!segment.scope().isAlive()) {
            throw new IllegalStateException("the memory was given back");
        }
        return segment.address();
    }

    /// An address that was computed, as one of which the compiler knows that it is not negative.
    public static long address(long computed) {
        return computed & ADDRESS;
    }

    /// The segment itself, of which the compiler knows the class from here on.
    ///
    /// Without that it judges each access of a kernel by what kinds of segments any code of the process has
    /// touched before: a program that reads a few arrays as segments would multiply matrices seven times as
    /// slowly.
    ///
    /// @throws IllegalArgumentException if it is another kind of memory
    public static MemorySegment of(MemorySegment segment) {
        if (segment.getClass() != KIND) {
            throw new IllegalArgumentException("kernels work on memory outside the Java heap, not on " + segment);
        }
        return segment;
    }
}
