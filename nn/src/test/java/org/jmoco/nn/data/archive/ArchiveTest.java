package org.jmoco.nn.data.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.zip.CRC32;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.LongLook;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveTest {
    private static final int MANY = IndexFile.WORTH_KEEPING;

    @TempDir
    Path root;

    private Path tar(String name, String prefix, int files) {
        TarMaker tar = new TarMaker();
        for (int i = 0; i < files; i++) {
            tar.file(prefix + i + ".png", prefix + i);
        }
        return tar.write(root.resolve(name));
    }

    private static Path folder(Path archive) {
        return Archives.folder(archive, f -> false, name -> false);
    }

    private static Archive open(Path tar) {
        try (LongLook look = LongLook.at("x", 0)) {
            return Archive.open(tar, look);
        }
    }

    @Test
    void anIndexIsMadeOnceAndKeptBesideTheArchive() throws IOException {
        Path tar = tar("many.tar", "d/", MANY);
        int before = Archive.readWhole();
        Archive first = open(tar);
        assertEquals(before + 1, Archive.readWhole());
        assertTrue(Files.exists(root.resolve("many.tar.jmoco-index")));
        Archive second = open(tar);
        assertEquals(before + 1, Archive.readWhole());
        assertEquals(List.of(first.index().names()), List.of(second.index().names()));
        for (int i = 0; i < MANY; i++) {
            second.requireInPlace(i);
            assertEquals(first.index().offsets()[i], second.index().offsets()[i]);
        }
        open(tar("few.tar", "d/", 3));
        assertFalse(Files.exists(root.resolve("few.tar.jmoco-index")));
    }

    @Test
    void anIndexThatIsDamagedOrOfAnotherArchiveIsMadeAnew() throws IOException {
        Path tar = tar("x.tar", "a/", MANY);
        Path index = root.resolve("x.tar.jmoco-index");
        open(tar);
        byte[] sound = Files.readAllBytes(index);
        Path other = tar("b.tar", "b/", MANY + 1);
        open(other);
        byte[] ofOther = Files.readAllBytes(root.resolve("b.tar.jmoco-index"));
        byte[] flipped = sound.clone();
        flipped[sound.length / 2] ^= 1;
        for (byte[] wrong :
                List.of(new byte[0], new byte[100], java.util.Arrays.copyOf(sound, 999), flipped, ofOther)) {
            Files.write(index, wrong);
            int before = Archive.readWhole();
            assertEquals("a/0.png", open(tar).index().names()[0]);
            assertEquals(before + 1, Archive.readWhole());
        }
    }

    /// Lengths and times can be made equal; the headers cannot.
    @Test
    void aForgedIndexIsFoundOutBeforeAByteIsUsed() throws IOException {
        Path tar = tar("x.tar", "a/", MANY);
        Path other = tar("b.tar", "b/", MANY);
        open(other);
        Files.setLastModifiedTime(tar, FileTime.fromMillis(1_000_000));
        Files.setLastModifiedTime(other, FileTime.fromMillis(1_000_000));
        Files.delete(root.resolve("b.tar.jmoco-index"));
        open(other);
        Files.copy(root.resolve("b.tar.jmoco-index"), root.resolve("x.tar.jmoco-index"));
        Path image = folder(tar).resolve("b").resolve("0.png");
        DataException refused = assertThrows(DataException.class, () -> Files.readAllBytes(image));
        assertEquals(
                tar + ": does not have b/0.png where its index says: one of them was replaced; delete " + tar
                        + ".jmoco-index",
                refused.getMessage());
    }

    /// An index that claims places outside of the archive, or names that lead out of it, is none.
    @Test
    void anIndexThatLeadsOutsideIsMadeAnew() throws IOException {
        Path tar = tar("x.tar", "a/", MANY);
        open(tar);
        Path index = root.resolve("x.tar.jmoco-index");
        byte[] sound = Files.readAllBytes(index);
        int at = new String(sound, StandardCharsets.ISO_8859_1).indexOf("a/7.png") + 7;
        for (long wrong : new long[] {0, -1, Long.MAX_VALUE, Files.size(tar) + 1}) {
            byte[] changed = sound.clone();
            ByteBuffer.wrap(changed).putLong(at, wrong);
            refusesIndex(tar, changed);
        }
        for (String name : List.of("../.png", "/a/.png", "a//.png", "a/../.p", "a/7.p\0g", "./7.png")) {
            byte[] changed = sound.clone();
            ByteBuffer.wrap(changed).put(at - 7, name.getBytes(StandardCharsets.US_ASCII));
            refusesIndex(tar, changed);
        }
    }

    private static void refusesIndex(Path tar, byte[] index) throws IOException {
        CRC32 sum = new CRC32();
        sum.update(index, 0, index.length - 8);
        ByteBuffer.wrap(index).putLong(index.length - 8, sum.getValue());
        Files.write(tar.resolveSibling(tar.getFileName() + ".jmoco-index"), index);
        int before = Archive.readWhole();
        open(tar).requireInPlace(7);
        assertEquals(before + 1, Archive.readWhole());
    }

    @Test
    void whereNothingCanBeWrittenBesideTheArchiveTheIndexIsElsewhere() throws IOException {
        Path tar = tar("x.tar", "a/", MANY);
        // A folder of that name cannot be replaced, whoever runs this.
        Files.createDirectories(root.resolve("x.tar.jmoco-index/x"));
        Path cached = org.jmoco.nn.data.UserCache.file("archives", tar.toAbsolutePath())
                .orElseThrow();
        try {
            open(tar);
            assertTrue(Files.exists(cached));
            int before = Archive.readWhole();
            open(tar);
            assertEquals(before, Archive.readWhole());
        } finally {
            Files.deleteIfExists(cached);
        }
    }

    @Test
    void anArchiveThatChangesInUseEndsInOneLine() throws IOException {
        Path tar = tar("x.tar", "a/", 3);
        Path image = folder(tar).resolve("a/1.png");
        assertEquals("a/1", Files.readString(image));
        tar("x.tar", "b/", 9);
        assertEquals(
                tar + ": changed while it was in use; start again when it is complete",
                assertThrows(DataException.class, () -> Files.readAllBytes(image))
                        .getMessage());
        assertEquals("b/1", Files.readString(folder(tar).resolve("b/1.png")));
        Files.write(tar, new byte[100]);
        assertEquals(
                tar + ": is truncated: it ends without the empty block that ends a tar archive",
                assertThrows(DataException.class, () -> folder(tar)).getMessage());
        Files.delete(tar);
        assertThrows(DataException.class, () -> Files.readAllBytes(image));
    }

    /// A channel that is read while its thread is interrupted is closed, for all threads.
    @Test
    void anInterruptedThreadDoesNotSpoilTheArchiveForOthers() throws Exception {
        Path tar = tar("x.tar", "a/", 50);
        Path folder = folder(tar).resolve("a");
        for (int round = 0; round < 20; round++) {
            FutureTask<IOException> reading = new FutureTask<>(() -> {
                Thread.currentThread().interrupt();
                return assertThrows(IOException.class, () -> Files.readAllBytes(folder.resolve("7.png")));
            });
            Thread interrupted = new Thread(reading);
            interrupted.start();
            for (int i = 0; i < 50; i++) {
                assertEquals("a/" + i, Files.readString(folder.resolve(i + ".png")));
            }
            interrupted.join();
            assertTrue(reading.get() instanceof ClosedByInterruptException, () -> "" + reading);
        }
    }

    @Test
    void pathsAreThoseOfFilesAndNothingCanBeWritten() throws IOException {
        Path tar = tar("x.tar", "d/e/", 2);
        new TarMaker().file("d/e/1.png", "x").file("f", "y").write(tar);
        Path top = folder(tar);
        Path file = top.resolve("d").resolve("e/1.png");
        assertEquals(tar + "/d/e/1.png", file.toString());
        assertEquals("1.png", file.getFileName().toString());
        assertEquals(top.resolve("d/e"), file.getParent());
        assertEquals("d/e/1.png", top.relativize(file).toString());
        assertEquals(file, top.resolve(Path.of("d/../d/./e/1.png")).normalize());
        assertEquals(file, top.resolve(file.toString()));
        assertTrue(file.startsWith(top));
        assertFalse(top.resolve("../x.tar/d").normalize().startsWith(top));
        assertFalse(top.resolve("/etc/passwd").startsWith(top));
        assertTrue(Files.isDirectory(top.resolve("d")) && Files.isRegularFile(file) && Files.exists(file));
        assertFalse(Files.exists(top.resolve("f/g")) || Files.exists(top.resolve("../b")));
        assertThrows(NoSuchFileException.class, () -> Files.readAllBytes(top.resolve("../../etc/passwd")));
        assertThrows(ReadOnlyFileSystemException.class, () -> Files.writeString(file, "z"));
        assertThrows(ReadOnlyFileSystemException.class, () -> Files.delete(file));
        assertThrows(ReadOnlyFileSystemException.class, () -> Files.createDirectory(top.resolve("new")));
        assertEquals("x", Files.readString(file));
        try (var children = Files.list(top)) {
            assertEquals(
                    List.of("d", "f"),
                    children.map(c -> c.getFileName().toString()).toList());
        }
    }
}
