package org.jmoco.nn.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.LeftOut.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Of folders of any shape, every picture is used, or counted as left out with a reason, or the folder is refused.
/// The witness is a plain walk that knows file names and links and nothing else.
class EveryImageTest {
    private static final int TREES = 250;
    private static final List<String> FOLDERS = List.of(
            "train",
            "Train",
            "training",
            "val",
            "valid",
            "validation",
            "dev",
            "Test",
            "cat",
            "dog",
            "äpfel",
            "a b",
            "extra",
            ".git",
            ".ipynb_checkpoints",
            "__MACOSX",
            "@eaDir",
            "folder.png");
    private static final List<String> FILES = List.of(
            "1.png",
            "2.PNG",
            "3.jpg",
            "4.webp",
            "5.heic",
            "6.avif",
            "7.gif",
            "._8.png",
            ".9.jpg",
            "readme.txt",
            "Thumbs.db",
            "noextension",
            "x.json");
    private static final Set<String> PICTURES = Set.of("png", "jpg", "webp", "heic", "avif", "gif");

    @TempDir
    Path temporary;

    /// What became of the trees, so that the test cannot pass by refusing them all.
    private int used;

    private int refused;
    private final Set<Reason> reasons = EnumSet.noneOf(Reason.class);

    @Test
    void everyPictureIsUsedOrCountedOrTheFolderIsRefused() throws IOException {
        byte[] png = PngWriter.encode(new RgbImage(1, 1));
        for (int seed = 0; seed < TREES; seed++) {
            Path root = Files.createDirectory(temporary.resolve("tree" + seed));
            Random random = new Random(seed);
            if (random.nextInt(3) > 0) {
                for (String part : random.nextBoolean() ? List.of("train", "val") : List.of("Train", "Test")) {
                    fill(Files.createDirectory(root.resolve(part)), random, png, 1, root);
                }
            }
            fill(root, random, png, 0, root);
            check(root, seed);
        }
        assertTrue(used > TREES / 2 && refused > TREES / 20, used + " used, " + refused + " refused");
        Set<Reason> expected = EnumSet.of(
                Reason.OUTSIDE_CLASSES,
                Reason.OUTSIDE_PARTS,
                Reason.OTHER_PART,
                Reason.HIDDEN,
                Reason.UNREAD_FORMAT,
                Reason.LOOP,
                Reason.EMPTY_CLASS,
                Reason.DANGLING);
        assertEquals(expected, reasons, "reasons met");
    }

    private static void fill(Path folder, Random random, byte[] png, int depth, Path root) throws IOException {
        for (int f = random.nextInt(5); f > 0; f--) {
            Path file = folder.resolve(FILES.get(random.nextInt(FILES.size())));
            if (random.nextInt(8) == 0) {
                link(file, folder.resolve("nowhere"));
            } else if (!Files.exists(file) && !Files.isSymbolicLink(file)) {
                Files.write(file, png);
            }
        }
        if (random.nextInt(8) == 0) {
            // To a folder above or beside, to itself, or to a class that is gone.
            link(
                    folder.resolve("linked"),
                    List.of(folder, root, folder.resolve("cat"), folder.resolve("linked"))
                            .get(random.nextInt(4)));
        }
        for (int f = depth == 0 ? 1 + random.nextInt(5) : random.nextInt(4 - depth); f > 0 && depth < 4; f--) {
            Path below = folder.resolve(FOLDERS.get(random.nextInt(FOLDERS.size())));
            if (!Files.exists(below) && !Files.isSymbolicLink(below)) {
                Files.createDirectory(below);
                fill(below, random, png, depth + 1, root);
            }
        }
    }

    private static void link(Path file, Path to) throws IOException {
        try {
            Files.createSymbolicLink(file, to);
        } catch (FileAlreadyExistsException e) {
            // then it stays what it is
        }
    }

    private void check(Path root, int seed) {
        String tree = "tree " + seed + " " + listing(root);
        int pictures = pictures(root.toFile(), List.of());
        DataSpec data = DataSpec.of(root).withKind(Kind.FOLDER);
        for (boolean classesNeeded : new boolean[] {false, true}) {
            int sum = 0;
            try {
                boolean tested = data.ifPresent(Split.TEST).isPresent();
                boolean trained = Kind.FOLDER.has(root, Split.TRAIN);
                List<ImageSource> parts = new ArrayList<>();
                if (trained) {
                    parts.add(classesNeeded ? data.open(Split.TRAIN) : data.images(Split.TRAIN));
                }
                if (tested) {
                    parts.add(classesNeeded ? data.open(Split.TEST) : data.images(Split.TEST));
                }
                for (ImageSource part : parts) {
                    sum += part.size() + leftOut(part);
                }
            } catch (DataException e) {
                assertEquals(1, e.getMessage().lines().count(), tree);
                assertTrue(e.getMessage().startsWith(root.toString()), tree + ": " + e.getMessage());
                refused++;
                continue;
            }
            assertEquals(pictures, sum, tree + (classesNeeded ? ", classes needed" : ""));
            used++;
        }
    }

    private int leftOut(ImageSource part) {
        int pictures = 0;
        for (LeftOut others : part.leftOut()) {
            reasons.add(others.reason());
            assertTrue(others.count() > 0, others.toString());
            pictures += others.reason().isOfImages() ? others.count() : 0;
        }
        return pictures;
    }

    /// The plain walk: files with a picture's extension, links followed unless they lead to a folder above.
    private static int pictures(File folder, List<String> above) {
        int count = 0;
        List<String> here = new ArrayList<>(above);
        here.add(canonical(folder));
        for (File file : folder.listFiles()) {
            if (file.isDirectory()) {
                count += here.contains(canonical(file)) ? 0 : pictures(file, here);
            } else {
                String name = file.getName();
                count += PICTURES.contains(
                                name.substring(name.lastIndexOf('.') + 1).toLowerCase(java.util.Locale.ROOT))
                        ? 1
                        : 0;
            }
        }
        return count;
    }

    private static String canonical(File file) {
        try {
            return file.getCanonicalPath();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Set<String> listing(Path root) {
        try (var files = Files.walk(root)) {
            return new TreeSet<>(files.filter(f -> !Files.isDirectory(f, java.nio.file.LinkOption.NOFOLLOW_LINKS))
                    .map(f -> root.relativize(f).toString())
                    .toList());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
