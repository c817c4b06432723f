package org.jmoco.tensor.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpyWriterTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("features.npy");
    }

    @Test
    void rowByRowGivesTheBytesOfOneWrite() throws Exception {
        try (NpyWriter writer = NpyWriter.create(file, ElementType.F32, 3)) {
            writer.append(new float[] {1, 2, 3});
            writer.append(MemorySegment.ofArray(new float[] {4, 5, 6, 7, 8, 9}));
            assertEquals(3, writer.rows());
        }
        Path whole = folder.resolve("whole.npy");
        Npy.write(whole, ArrayData.ofFloats(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, 3, 3));
        assertArrayEquals(Files.readAllBytes(whole), Files.readAllBytes(file));
    }

    @Test
    void resumeGoesOnAfterTheLastFlush() throws Exception {
        try (NpyWriter writer = NpyWriter.create(file, ElementType.F32, 2)) {
            writer.append(new float[] {1, 2});
        }
        Files.write(file, new byte[13], StandardOpenOption.APPEND); // rows that a killed process never flushed
        assertThrows(FormatException.class, () -> Npy.read(file));
        try (NpyWriter writer = NpyWriter.resume(file, ElementType.F32, 2)) {
            assertEquals(1, writer.rows());
            writer.append(new float[] {3, 4});
        }
        assertEquals(ArrayData.ofFloats(new float[] {1, 2, 3, 4}, 2, 2), Npy.read(file));
    }

    @Test
    void aFreshFileHasNoRows() {
        NpyWriter.create(file, ElementType.I64).close();
        assertArrayEquals(new long[] {0}, Npy.read(file).shape());
        try (NpyWriter writer = NpyWriter.resume(file, ElementType.I64)) {
            writer.append(ArrayData.ofLongs(new long[] {5, 6}).payload());
        }
        assertEquals(ArrayData.ofLongs(new long[] {5, 6}), Npy.read(file));
    }

    @Test
    void anotherShapeOrTypeIsRefused() throws Exception {
        NpyWriter.create(file, ElementType.F32, 2).close();
        Throwable e = assertThrows(FormatException.class, () -> NpyWriter.resume(file, ElementType.F32, 3));
        assertEquals(file + ": holds F32[0, 2], cannot go on with rows F32[3]", e.getMessage());
        assertThrows(FormatException.class, () -> NpyWriter.resume(file, ElementType.F64, 2));
        Path missing = folder.resolve("missing.npy");
        assertThrows(UncheckedIOException.class, () -> NpyWriter.resume(missing, ElementType.F32, 3));
        Npy.write(file, ArrayData.ofFloats(new float[2], 1, 2));
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 1));
        assertThrows(FormatException.class, () -> NpyWriter.resume(file, ElementType.F32, 2));
    }

    @Test
    void partsOfRowsAreRefused() {
        try (NpyWriter writer = NpyWriter.create(file, ElementType.F32, 2)) {
            assertThrows(IllegalArgumentException.class, () -> writer.append(new float[3]));
        }
        assertThrows(IllegalArgumentException.class, () -> NpyWriter.create(file, ElementType.BF16, 2));
    }
}
