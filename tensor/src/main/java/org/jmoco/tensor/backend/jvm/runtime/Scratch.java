package org.jmoco.tensor.backend.jvm.runtime;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.backend.LargeMemory;

/// Working memory of the current thread: one growing off-heap buffer a slot, 64-byte aligned.
///
/// A buffer holds whatever its last user left there, and stays valid until the same thread asks for the same slot
/// again. Other threads may read and write it within a parallel region that its owner started. The memory goes
/// when the thread has ended and nobody refers to the buffer.
public final class Scratch {
    /// Who uses a buffer. Code that may be active at the same time on one thread needs slots of its own.
    public enum Slot {
        /// The packed left-hand panel of a matrix product.
        LEFT_PANEL,
        /// The packed right-hand panel of a matrix product.
        RIGHT_PANEL,
        /// A tile of results before it goes to its place.
        TILE,
        /// Whole-problem workspace of a convolution, held by the thread that starts it.
        CONVOLUTION,
        /// Free for an op's kernel, within one task.
        KERNEL_1,
        /// Free for an op's kernel, within one task.
        KERNEL_2,
        /// Free for an op's kernel, within one task.
        KERNEL_3,
        /// For an op's kernel around its parallel regions: partial sums that the tasks fill.
        PARTIAL_SUMS
    }

    private static final ThreadLocal<MemorySegment[]> BUFFERS =
            ThreadLocal.withInitial(() -> new MemorySegment[Slot.values().length]);

    private Scratch() {}

    /// The current thread's buffer for `slot`, at least `count` floats long. Its contents are arbitrary.
    public static MemorySegment floats(Slot slot, long count) {
        MemorySegment[] buffers = BUFFERS.get();
        MemorySegment buffer = buffers[slot.ordinal()];
        long bytes = count * Float.BYTES;
        if (buffer == null || buffer.byteSize() < bytes) {
            long grown = buffer == null ? 4096 : buffer.byteSize() + buffer.byteSize() / 2;
            buffer = LargeMemory.allocate(Arena.ofAuto(), Math.max(bytes, grown));
            buffers[slot.ordinal()] = buffer;
        }
        return buffer;
    }
}
