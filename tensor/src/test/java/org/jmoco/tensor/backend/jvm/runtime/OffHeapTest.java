package org.jmoco.tensor.backend.jvm.runtime;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OffHeapTest {
    @TempDir
    private Path folder;

    @Test
    void memoryOutsideTheHeapPassesWhateverItsLifetime() {
        try (Arena confined = Arena.ofConfined();
                Arena shared = Arena.ofShared()) {
            for (Arena arena : new Arena[] {confined, shared, Arena.ofAuto(), Arena.global()}) {
                MemorySegment memory = arena.allocate(64);
                assertSame(memory, OffHeap.of(memory));
                MemorySegment part = memory.asSlice(16, 32);
                assertSame(part, OffHeap.of(part));
            }
        }
    }

    @Test
    void arraysAndFilesAreRefused() throws IOException {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> OffHeap.of(MemorySegment.ofArray(new float[4])));
        assertTrue(e.getMessage().startsWith("kernels work on memory outside the Java heap, not on "), e.getMessage());
        Path file = Files.write(folder.resolve("floats"), new byte[16]);
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file)) {
            MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, 16, arena);
            assertThrows(IllegalArgumentException.class, () -> OffHeap.of(mapped));
        }
    }
}
