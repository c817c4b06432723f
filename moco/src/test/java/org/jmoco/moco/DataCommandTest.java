package org.jmoco.moco;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jmoco.nn.data.archive.TarMaker;
import org.jmoco.nn.data.image.ImageDecoder;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.image.RgbImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `jmoco data check` and `jmoco data show` as a user runs them: what is printed where, and the exit code. What
/// they compute is tested with the library.
class DataCommandTest {
    private static final String CONFIG = "../configs/moco_resnet18_b512-coslr-200e_cifar10.yaml";

    @TempDir
    Path root;

    private record Result(int code, List<String> out, List<String> err) {}

    private static Result run(Object... args) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream newOut = new ByteArrayOutputStream();
        ByteArrayOutputStream newErr = new ByteArrayOutputStream();
        System.setOut(new PrintStream(newOut, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(newErr, true, StandardCharsets.UTF_8));
        try {
            int code =
                    Main.run(java.util.Arrays.stream(args).map(Object::toString).toArray(String[]::new));
            return new Result(
                    code,
                    newOut.toString(StandardCharsets.UTF_8).lines().toList(),
                    newErr.toString(StandardCharsets.UTF_8).lines().toList());
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    @Test
    void aSoundDataSetEndsWithOneResultLine() throws IOException {
        images("train/cat", 3, 12);
        images("train/dog", 4, 13);
        images("val/dog", 2, 14);
        write("train/dog/notes.txt", new byte[1]);
        Result r = run("data", "check", root);
        assertEquals(0, r.code, r.err.toString());
        assertEquals(root + ": folder, 7 images; compared with its test part, 2 images", r.out.get(0));
        assertTrue(r.out.get(1).startsWith("JPEG: "), "the choice of the decoder");
        assertEquals(
                "result dir=" + root
                        + " images=7 unreadable=0 truncated=0 cmyk=0 mislabelled=0 duplicates=0 "
                        + "contradictions=0 leaks=0 classes=2 smallestClass=3"
                        + " largestClass=4 shortestSide=8 medianShorterSide=8 longestSide=13 usable=yes",
                r.out.getLast());
        assertTrue(r.out.stream().anyMatch(l -> l.matches("  dog +4")), r.out.toString());
        assertTrue(run("data", "check", root.resolve("train")).out.stream()
                .anyMatch(l -> l.matches("files that are no images +1")));
        assertTrue(run("data", "check", root.resolve("val")).out.getLast().contains(" leaks=unknown "));
        assertTrue(run("data", "check", root.resolve("train"), "--against", root.resolve("val"))
                .out
                .getLast()
                .contains(" leaks=0 "));
    }

    @Test
    void leaksAndDoublesAreListed() throws IOException {
        images("train/cat", 3, 12);
        images("val/cat", 14, 12);
        Result r = run("data", "check", root, "--findings", root.resolve("findings.txt"), "--threads", 1);
        assertEquals(0, r.code);
        assertTrue(
                r.out.contains(
                        "  train/val leak: " + root + "/val/cat/0.png: has the pixels of " + root + "/train/cat/0.png"),
                r.out.toString());
        assertTrue(r.out.getLast().contains(" leaks=3 "), r.out.getLast());
        assertEquals(3, Files.readAllLines(root.resolve("findings.txt")).size());
        images("val/cat", 14, 12);
        images("train/dog", 14, 12);
        r = run("data", "check", root.resolve("train"), "--against", root.resolve("val"));
        assertTrue(r.out.contains("  train/val leak: and 4 more (--findings FILE writes them all)"), r.out.toString());
        assertTrue(r.out.getLast().contains(" duplicates=3 contradictions=3 leaks=14 "), r.out.getLast());
    }

    @Test
    void tooManyUnreadableImagesAreAnErrorAfterTheTable() throws IOException {
        images("", 5, 12);
        write("bad.jpg", new byte[] {1, 2, 3});
        Result one = run("data", "check", root);
        assertEquals(0, one.code, "one image may be bad in a set of any size");
        assertEquals(1, run("data", "check", root, "--unreadable", 0).code);
        write("bad2.jpg", new byte[] {1, 2, 3});
        assertEquals(0, run("data", "check", root, "--unreadable", 0.3).code);
        Result r = run("data", "check", root);
        assertEquals(1, r.code);
        assertTrue(
                r.out.contains("  unreadable: " + root + "/bad.jpg: is no JPEG, PNG or BMP file by its first bytes"),
                r.out.toString());
        assertTrue(r.out.getLast().endsWith(" usable=no"), r.out.getLast());
        assertEquals(
                List.of("jmoco: " + root + ": cannot be used: 2 of 7 images are unreadable, more than 1 % "
                        + "(data.unreadable, or --unreadable, says how many may be)"),
                r.err);
    }

    @Test
    void listsAreCheckedLineByLine() throws IOException {
        images("", 3, 12);
        Files.writeString(root.resolve("list.txt"), "0.png 4\n2.png 1\n");
        assertTrue(run("data", "check", root, "--list", root.resolve("list.txt"))
                .out
                .getLast()
                .contains(" images=2 "));
        Files.writeString(root.resolve("list.txt"), "0.png 4\n9.png 1\n");
        assertOneLine(
                "jmoco: " + root + "/list.txt:2: no such file: " + root + "/9.png",
                "data",
                "check",
                root,
                "--list",
                root.resolve("list.txt"));
        Files.writeString(root.resolve("list.txt"), "0.png 4\n1.png -7\n");
        assertOneLine(
                "jmoco: " + root + "/list.txt:2: the label -7 is negative",
                "data",
                "check",
                root,
                "--list",
                root.resolve("list.txt"));
    }

    @Test
    void badInputIsOneLine() throws IOException {
        assertOneLine("jmoco: " + root + "/none: no such folder", "data", "check", root.resolve("none"));
        assertOneLine(
                "jmoco: " + root + "/none: no such folder", "data", "show", root.resolve("none"), "--config", CONFIG);
        Result empty = run("data", "check", root);
        assertEquals(1, empty.code);
        assertEquals(1, empty.err.size());
        assertTrue(
                empty.err.getFirst().startsWith("jmoco: " + root + ": holds no data set. Looked for "),
                empty.err.toString());
        write("train-images-idx3-ubyte", new byte[] {0, 0, 8, 1, 0, 0, 0, 1, 5});
        assertOneLine(
                "jmoco: " + root
                        + "/train-images-idx3-ubyte: its first four bytes are not 0x00000803: no IDX file "
                        + "of unsigned bytes in 3 dimensions",
                "data",
                "check",
                root);
        assertEquals(2, run("data", "check").code);
        assertEquals(2, run("data", "check", root, "--threads", 0).code);
        assertEquals(2, run("data", "show", root, "--config", CONFIG, "--images", 0).code);
        assertEquals(2, run("data", "cifar10").code);
    }

    @Test
    void hostileArchivesAreOneLine() throws IOException {
        write("secret.png", PngWriter.encode(new RgbImage(8, 8)));
        byte[] image = PngWriter.encode(new RgbImage(8, 8));
        byte[] none = {};
        hostile(new TarMaker().file("a/../../secret.png", image).bytes(), "has a name that leads out of it, 'a/../..");
        hostile(new TarMaker().file(root + "/secret.png", image).bytes(), "has an absolute name, '" + root);
        for (char link : new char[] {'1', '2'}) {
            hostile(
                    new TarMaker()
                            .file("0.png", image)
                            .entry("1.png", link, none, none)
                            .bytes(),
                    "has a link, '1.png'; links are not followed: unpack it");
        }
        hostile(
                new TarMaker().entry("0.png", 'S', "5".getBytes(), image).bytes(),
                "has a sparse file, '0.png', which is not read: unpack it");
        hostile(
                new TarMaker()
                        .entry("0.png", '0', "777777777777".getBytes(), image)
                        .bytes(),
                "is truncated, or its header at byte 0 lies: 68719476735 bytes should follow, and there are 1536");
        hostile(
                java.util.Arrays.copyOf(
                        new TarMaker().file("0.png", new byte[5000]).bytes(), 3000),
                "is truncated, or its header at byte 0 lies: 5000 bytes should follow, and there are 2488");
    }

    private void hostile(byte[] tar, String why) throws IOException {
        write("x.tar", tar);
        for (List<Object> command : List.<List<Object>>of(
                List.of("data", "check", root.resolve("x.tar")),
                List.of("knn", "--weights", "bundled", "--data", root.resolve("x.tar")))) {
            Result r = run(command.toArray());
            assertEquals(1, r.code, r.out.toString());
            assertEquals(1, r.err.size(), r.err.toString());
            assertTrue(r.err.getFirst().startsWith("jmoco: " + root + "/x.tar: " + why), r.err.toString());
        }
    }

    @Test
    void theGridIsWrittenAndItsRowsNamed() throws IOException {
        Path grid = root.resolve("new/grid.png");
        Result r = run(
                "data",
                "show",
                "--config",
                CONFIG,
                "--set",
                "data.kind=sample",
                "--images",
                2,
                "--seed",
                9,
                "--out",
                grid);
        assertEquals(0, r.code, r.err.toString());
        assertEquals("result out=" + grid + " images=2 width=400 height=268 seed=9", r.out.getLast());
        assertTrue(r.out.get(2).matches(" {2}sample train\\[\\d+] \\(\\w+\\)"), r.out.toString());
        RgbImage first = ImageDecoder.STANDARD.decode(grid);
        assertEquals("RgbImage 400×268", first.toString());
        run("data", "show", "--config", CONFIG, "--set", "data.kind=sample", "--images", 2, "--seed", 9, "--out", grid);
        assertArrayEquals(
                first.rgb(), ImageDecoder.STANDARD.decode(grid).rgb(), "the same seed gives the same picture");
        images("pictures", 2, 40);
        r = run(
                "data",
                "show",
                root.resolve("pictures"),
                "--config",
                CONFIG,
                "--set",
                "views={transforms: [RandomHorizontalFlip, {CenterCrop: {size: 200}}], normalize: {mean: "
                        + "[0, 0, 0], std: [1, 1, 1]}}",
                "--out",
                grid);
        assertEquals("result out=" + grid + " images=2 width=616 height=412 seed=0", r.out.getLast());
    }

    @Test
    void mistakesInTheViewsNameTheirPlace() {
        assertOneLine(
                "jmoco: --set views: views: unknown preset 'mocov9'; known: moco-v1, moco-v2, moco-cifar, "
                        + "cifar-test, linear-train, multi-head-train, places-train,"
                        + " linear-val, svm",
                "data",
                "show",
                "--config",
                CONFIG,
                "--set",
                "data.kind=sample",
                "--set",
                "views=mocov9",
                "--out",
                root.resolve("x.png"));
        assertFalse(Files.exists(root.resolve("x.png")));
    }

    private static void assertOneLine(String expected, Object... command) {
        Result r = run(command);
        assertEquals(1, r.code);
        assertEquals(List.of(expected), r.err);
    }

    private void images(String folder, int count, int width) throws IOException {
        for (int i = 0; i < count; i++) {
            RgbImage image = new RgbImage(width, 8);
            for (int p = 0; p < image.rgb().length; p++) {
                image.rgb()[p] = (byte) (p * (i + 3) + width);
            }
            write(folder + (folder.isEmpty() ? "" : "/") + i + ".png", PngWriter.encode(image));
        }
    }

    private void write(String name, byte[] content) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }
}
