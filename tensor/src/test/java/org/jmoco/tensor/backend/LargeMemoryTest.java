package org.jmoco.tensor.backend;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LargeMemoryTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 4097, (32 << 20) - 8, (32 << 20) + 8, (100 << 20) + 3})
    void memoryIsZeroAlignedAndGoesWithItsArena(long bytes) {
        MemorySegment memory;
        try (Arena arena = Arena.ofShared()) {
            memory = LargeMemory.allocate(arena, bytes);
            assertEquals(bytes, memory.byteSize());
            assertEquals(0, memory.address() % 64);
            for (long at = 0; at + 8 <= bytes; at += 4096) {
                assertEquals(0, memory.get(JAVA_LONG, at));
                memory.set(JAVA_LONG, at, at);
            }
            memory.set(JAVA_BYTE, bytes - 1, (byte) 7);
            assertEquals(7, memory.get(JAVA_BYTE, bytes - 1));
            assertThrows(IndexOutOfBoundsException.class, () -> memory.get(JAVA_BYTE, bytes));
        }
        assertThrows(IllegalStateException.class, () -> memory.get(JAVA_BYTE, 0));
    }
}
