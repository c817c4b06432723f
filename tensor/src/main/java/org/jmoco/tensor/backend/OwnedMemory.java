package org.jmoco.tensor.backend;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicLong;

/// Off-heap memory with one owner, who can give it back at once. Left to the garbage collector alone it would
/// stay: that one sees some bytes here, not the gigabyte that may hang on them. Memory whose owner is forgotten
/// without giving it back goes with its owner.
///
/// Whoever still holds the segment when it is given back gets an [IllegalStateException] at the next access,
/// nothing worse.
public final class OwnedMemory implements AutoCloseable {
    private static final AtomicLong HELD = new AtomicLong();
    private static final Cleaner CLEANER = Cleaner.create();

    private final MemorySegment segment;
    private final Cleaner.Cleanable giveBack;

    /// Takes zeroed memory, 64-byte aligned.
    @SuppressWarnings("MustBeClosedChecker") // the cleaner closes it
    public OwnedMemory(long bytes) {
        Arena arena = Arena.ofShared();
        segment = LargeMemory.allocate(arena, bytes);
        HELD.addAndGet(bytes);
        giveBack = CLEANER.register(this, giveBack(arena, bytes));
    }

    private static Runnable giveBack(Arena arena, long bytes) {
        return () -> {
            arena.close();
            HELD.addAndGet(-bytes);
        };
    }

    /// Bytes that are taken in this process and not given back.
    public static long held() {
        return HELD.get();
    }

    public MemorySegment segment() {
        return segment;
    }

    @Override
    public void close() {
        giveBack.clean();
    }
}
