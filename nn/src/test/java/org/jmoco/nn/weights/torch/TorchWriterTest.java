package org.jmoco.nn.weights.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jmoco.nn.weights.Checkpoint;
import org.jmoco.nn.weights.WeightFixtures;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.MappedFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TorchWriterTest {
    @TempDir
    Path folder;

    private static Map<String, ArrayData> everyType() throws Exception {
        return Checkpoint.parse("f", MemorySegment.ofArray(WeightFixtures.bytes("dtypes-zip.pth")))
                .arrays();
    }

    @Test
    void everyTypeIsReadBack() throws Exception {
        Path file = folder.resolve("w.pth");
        TorchWriter.write(file, everyType());
        assertEquals(everyType(), Checkpoint.read(file).arrays());
        TorchWriter.write(file, Map.of("epoch", 7, "arch", "resnet18", "lr", 0.03, "done", true), everyType());
        assertEquals(everyType(), Checkpoint.read(file).arrays());
        assertEquals(
                Map.of("epoch", "7", "arch", "resnet18", "lr", "0.03", "done", "true"),
                Checkpoint.read(file).facts());
    }

    @Test
    void theSameContentGivesTheSameBytes() throws Exception {
        TorchWriter.write(folder.resolve("a.pth"), everyType());
        TorchWriter.write(folder.resolve("b.pth"), everyType());
        assertArrayEquals(Files.readAllBytes(folder.resolve("a.pth")), Files.readAllBytes(folder.resolve("b.pth")));
    }

    @Test
    void payloadsAreAligned() throws Exception {
        Path file = folder.resolve("w.pth");
        TorchWriter.write(file, everyType());
        MemorySegment bytes = MappedFile.read(file);
        StoredZip zip = StoredZip.parse("w.pth", bytes);
        assertTrue(zip.entries().size() > 15);
        for (String name : zip.entries().keySet()) {
            assertEquals(0, (zip.content(name).address() - bytes.address()) % 64, name);
        }
    }

    /// The JDK's own zip reader is the witness, with zip64 records from the given size on.
    @ParameterizedTest
    @ValueSource(longs = {0xffff_ffffL, 1000, 1})
    void otherZipReadersAgree(long zip64From) throws Exception {
        Path file = folder.resolve("w.zip");
        byte[] large = new byte[5000];
        large[4321] = 7;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            StoredZipWriter writer = new StoredZipWriter(channel, zip64From);
            writer.add("archive/small", MemorySegment.ofArray(new byte[] {1, 2, 3}));
            writer.add("archive/large", MemorySegment.ofArray(large));
            writer.add("archive/after", MemorySegment.ofArray(new byte[] {4}));
            writer.finish();
        }
        StoredZip ours = StoredZip.parse("w.zip", MappedFile.read(file));
        assertArrayEquals(large, ours.content("archive/large").toArray(ValueLayout.JAVA_BYTE));
        assertEquals(4, ours.content("archive/after").get(ValueLayout.JAVA_BYTE, 0));
        try (ZipFile jdk = new ZipFile(file.toFile())) {
            assertEquals(3, jdk.size());
            ZipEntry entry = jdk.getEntry("archive/large");
            assertArrayEquals(large, jdk.getInputStream(entry).readAllBytes());
            assertArrayEquals(
                    new byte[] {1, 2, 3},
                    jdk.getInputStream(jdk.getEntry("archive/small")).readAllBytes());
        }
    }

    @Test
    void manyEntriesNeedAZip64Directory() throws Exception {
        Path file = folder.resolve("w.zip");
        int entries = 66_000;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            StoredZipWriter writer = new StoredZipWriter(channel);
            for (int i = 0; i < entries; i++) {
                writer.add("e/" + i, MemorySegment.NULL);
            }
            writer.finish();
        }
        assertEquals(
                entries,
                StoredZip.parse("w.zip", MappedFile.read(file)).entries().size());
        try (ZipFile jdk = new ZipFile(file.toFile())) {
            assertEquals(entries, jdk.size());
        }
    }
}
