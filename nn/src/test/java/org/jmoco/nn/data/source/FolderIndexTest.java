package org.jmoco.nn.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jmoco.nn.data.LongLook;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An index is never wrong, and saves listing what has not changed.
class FolderIndexTest {
    private static final long HOUR = 3_600_000;

    /// Longer than the tick of the times that the system gives to folders.
    private static final long TICK_MILLIS = 20;

    @TempDir
    private Path temp;

    private Path root;
    private Path kept;

    @BeforeEach
    void folder() throws IOException {
        root = Files.createDirectories(temp.resolve("data"));
        kept = temp.resolve("cache/kept.index");
        Files.createFile(root.resolve("1.png"));
        Files.createFile(root.resolve("ä 2.png"));
        Files.createDirectory(root.resolve("a"));
    }

    /// As of a later start.
    private FolderIndex started() {
        return new FolderIndex(Optional.of(kept), 1, () -> System.currentTimeMillis() + HOUR);
    }

    private List<FolderIndex.Entry> list(FolderIndex index) throws IOException {
        try (LongLook look = LongLook.at("root", 0)) {
            return index.list(root, look);
        }
    }

    @Test
    void whatHasNotChangedIsNotListedAgain() throws IOException {
        FolderIndex first = started();
        assertSame(first);
        assertSame(first);
        assertEquals(1, first.listed());
        first.keep();
        FolderIndex second = started();
        assertSame(second);
        assertEquals(0, second.listed());
        FolderIndex few = new FolderIndex(Optional.of(temp.resolve("few")), 4, () -> 0);
        list(few);
        few.keep();
        assertFalse(Files.exists(temp.resolve("few")), "not worth a file");
    }

    @Test
    void everyChangeIsSeenWhateverTheTimesSay() throws Exception {
        FileTime before = Files.getLastModifiedTime(root);
        for (Change change : new Change[] {
            () -> Files.createFile(root.resolve("3.png")),
            () -> Files.delete(root.resolve("1.png")),
            () -> Files.move(root.resolve("3.png"), root.resolve("4.png")),
            () -> {
                Files.delete(root.resolve("4.png"));
                Files.createDirectory(root.resolve("4.png"));
            },
            () -> {
                Path other = Files.createDirectory(temp.resolve("other"));
                Files.move(root, temp.resolve("away"));
                Files.move(other, root);
            }
        }) {
            FolderIndex index = started();
            assertSame(index);
            index.keep();
            Thread.sleep(TICK_MILLIS);
            change.make();
            Files.setLastModifiedTime(root, before);
            assertSame(index);
            assertSame(started());
        }
    }

    private interface Change {
        void make() throws IOException;
    }

    @Test
    void nothingIsKeptWhereThereIsDoubt() throws IOException {
        FolderIndex now = new FolderIndex(Optional.of(kept), 1, System::currentTimeMillis);
        assertSame(now);
        assertSame(now);
        assertEquals(4, now.listed(), "it changed just before");
        Path target = Files.createDirectory(temp.resolve("target"));
        Files.createSymbolicLink(root.resolve("link"), target);
        FolderIndex linked = started();
        assertSame(linked);
        linked.keep();
        Files.delete(target);
        Files.createFile(target);
        assertSame(linked);
        assertSame(started());
        assertEquals(4, linked.listed(), "what a link leads to may change");
    }

    /// Of what is known, folders of images alone are taken as they are, others name by name.
    @Test
    void whatIsKnownIsListedAsWhatIsSeen() throws IOException {
        for (String file : List.of(
                "alike/b.JPEG",
                "alike/a.JPEG",
                "alike/ü.JPEG",
                "several/a.png",
                "several/b.jpg",
                "hidden/.a.png",
                "hidden/b.png",
                "texts/a.txt",
                "deep/b.png",
                "deep/b-c.png",
                "deep/b/d.png",
                "deep/b/.e/f.png",
                "__MACOSX/a.png",
                "pictures.png/a.png",
                "nothing/.keep",
                "webp/a.webp")) {
            Files.createFile(Files.createDirectories(root.resolve(file).getParent())
                    .resolve(root.resolve(file).getFileName()));
        }
        FolderListing seen = listing(started());
        FolderIndex known = started();
        FolderListing again = listing(known);
        assertEquals(0, known.listed());
        assertEquals(seen, again);
        assertEquals(
                List.of("deep/b-c.png", "deep/b.png", "deep/b/d.png"),
                again.folders().stream()
                        .filter(f -> f.name().equals("deep"))
                        .flatMap(f -> f.images().stream())
                        .map(f -> root.relativize(f).toString())
                        .toList());
        for (FolderListing listing : List.of(seen, again)) {
            ImageFiles images = ImageFolder.of(listing);
            assertEquals(12, images.size());
            for (int i = 0; i < images.size(); i++) {
                assertEquals(images.file(i).toString(), images.name(i));
                assertTrue(Files.isRegularFile(images.file(i)), images.name(i));
            }
            assertThrows(IndexOutOfBoundsException.class, () -> images.file(images.size()));
        }
    }

    private FolderListing listing(FolderIndex index) {
        try (LongLook look = LongLook.at("root", 0)) {
            return FolderListing.of(root, List.of(), index, look);
        }
    }

    @Test
    void aDamagedIndexIsAsGoodAsNone() throws IOException {
        FolderIndex first = started();
        assertSame(first);
        first.keep();
        byte[] whole = Files.readAllBytes(kept);
        Random random = new Random(1);
        for (int copy = 0; copy < 200; copy++) {
            byte[] damaged = java.util.Arrays.copyOf(whole, copy < 100 ? whole.length : random.nextInt(whole.length));
            for (int flips = copy < 100 ? 1 + random.nextInt(3) : 0; flips > 0; flips--) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 + random.nextInt(255));
            }
            Files.write(kept, damaged);
            assertSame(started());
        }
        Files.write(kept, new byte[0]);
        assertSame(started());
    }

    @Test
    void aPlaceThatCannotBeWrittenIsNoMatter() throws IOException {
        Files.createFile(temp.resolve("cache"));
        FolderIndex index = started();
        assertSame(index);
        index.keep();
        assertSame(started());
    }

    /// What the index says is what java.io.File sees.
    private void assertSame(FolderIndex index) throws IOException {
        Set<String> seen = new TreeSet<>();
        for (File file : root.toFile().listFiles()) {
            seen.add(file.getName() + (file.isDirectory() ? " FOLDER" : file.isFile() ? " FILE" : " NOTHING"));
        }
        Set<String> said = list(index).stream()
                .map(e -> e.file().getFileName() + " " + e.what())
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(seen, said);
        assertTrue(list(index).stream().allMatch(e -> e.file().getParent().equals(root)));
    }
}
