package org.jmoco.nn.data.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.image.RgbImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class SourcesTest {
    @TempDir
    Path root;

    @Test
    void classFoldersGiveSortedClassesAndFiles() throws IOException {
        image("b/two.png", 2);
        image("b/deep/er.PNG", 3);
        image("a/z.png", 1);
        write("a/readme.txt", "no image");
        ImageFiles files = ImageFolder.of(root);
        assertEquals(List.of("a", "b"), files.classes());
        assertEquals(List.of("a/z.png", "b/deep/er.PNG", "b/two.png"), relative(files));
        assertEquals(1, files.label(1));
        assertEquals(3, files.load(1).rgb()[0]);
        assertEquals(3, ImageFolder.unlabelled(root).size());
    }

    @Test
    void aFlatFolderHasNoLabels() throws IOException {
        image("x.png", 1);
        ImageFiles files = ImageFolder.of(root);
        assertEquals(ImageSource.NO_LABEL, files.label(0));
        assertEquals(List.of(), files.classes());
    }

    @Test
    void foldersAreRefusedInOneClearLine() throws IOException {
        assertMessage(root + "/no: no such folder", () -> ImageFolder.of(root.resolve("no")));
        assertMessage(root + ": holds no JPEG, PNG or BMP image", () -> ImageFolder.of(root));
        write("file", "");
        assertMessage(root + "/file: is not a folder", () -> ImageFolder.of(root.resolve("file")));
        assertMessage(root + ": has no class folders", () -> ImageFolder.labelled(root));
        Files.createDirectory(root.resolve("empty"));
        assertMessage(
                root + "/empty: a class folder without a JPEG, PNG or BMP image", () -> ImageFolder.labelled(root));
    }

    @Test
    void listsSplitAtTheLastSpace() throws IOException {
        image("a b/c d.png", 7);
        image("e.png", 8);
        Path list = write("list.csv", "a b/c d.png 1\n\ne.png 0\r\n");
        ImageFiles files = ImageList.labelled(list, root, 2);
        assertEquals(List.of("a b/c d.png", "e.png"), relative(files));
        assertEquals(1, files.label(0));
        assertEquals(0, files.label(1));
        assertEquals(List.of("a b/c d.png"), relative(ImageList.unlabelled(write("u.txt", "a b/c d.png"), root)));
    }

    @Test
    void listsAreRefusedWithTheirLine() throws IOException {
        image("e.png", 8);
        assertMessage("list:2: the label 2 is outside 0 … 1", "e.png 0\ne.png 2");
        assertMessage("list:1: the label -1 is outside 0 … 1", "e.png -1");
        assertMessage("list:1: the label 'x' is no whole number", "e.png x");
        assertMessage("list:1: expected 'path label', got 'e.png'", "e.png");
        assertMessage("list: lists no image", "\n\n");
        assertMessage(
                "list:3: no such file: " + root + "/f.png (and 1 more files are missing)",
                "e.png 0\n\nf.png 0\ng.png 0");
        assertMessage("list:1: 'a?' is no file name", "a\0 1");
        assertMessage(
                "list:2: '" + "a/".repeat(40) + "…' is no file name: it has over 4096 characters",
                "e.png 0\n" + "a/".repeat(300_000) + "../".repeat(300_000) + "e.png 0");
        assertMessage("list:1: no such file: " + root + "/?2J?.png", "\u009b2J\u2028.png 0");
        for (String outside :
                List.of("../out.png", root.resolveSibling("out.png").toString(), "e/../../out.png")) {
            assertMessage(
                    "list:1: '" + outside + "' leads out of " + root + "; name a folder that holds all the images",
                    outside + " 0");
        }
        Files.write(root.resolve("list"), new byte[] {(byte) 0xFF, 'a'});
        assertMessage(root + "/list: is no UTF-8 text", () -> ImageList.labelled(root.resolve("list"), root, 2));
        assertMessage(root + "/none: no such file", () -> ImageList.unlabelled(root.resolve("none"), root));
    }

    @Test
    void imageNetSubsetsTakeTheirLabelsFromTheTrainingFolder() throws IOException {
        image("n02/n02_1.png", 1);
        image("n01/n01_9.png", 1);
        ImageFiles files = ImageList.imageNetSubset(write("1percent.txt", "n02_1.png\nn01_9.png\n"), root);
        assertEquals(List.of("n02/n02_1.png", "n01/n01_9.png"), relative(files));
        assertEquals(1, files.label(0));
        Path wrong = write("wrong.txt", "n03_1.png");
        assertMessage(
                wrong + ":1: 'n03_1.png' does not begin with a class folder of " + root + " and '_'",
                () -> ImageList.imageNetSubset(wrong, root));
    }

    @Test
    void cifarsBinaryRecordsAreInterleaved() throws IOException {
        byte[] record = new byte[3073];
        record[0] = 9;
        record[1 + 5] = 10;
        record[1 + 1024 + 5] = 20;
        record[1 + 2048 + 5] = 30;
        Files.createDirectory(root.resolve("cifar-10-batches-bin"));
        Path file = root.resolve("cifar-10-batches-bin/test_batch.bin");
        Files.write(file, record);
        InMemoryImages images = Cifar10.test(root);
        assertEquals(1, images.size());
        assertEquals("truck", images.classes().get(images.label(0)));
        assertEquals(
                ByteBuffer.wrap(new byte[] {10, 20, 30}),
                ByteBuffer.wrap(images.load(0).rgb(), 15, 3));
        assertArrayEquals(record, Cifar10.toRecords(images.load(0).rgb(), new int[] {9}));
        record[0] = 10;
        Files.write(file, record);
        assertMessage(
                file + ": record 0 has the label 10, not 0 … 9: is this CIFAR-10's binary version?",
                () -> Cifar10.test(root));
        Files.write(file, new byte[3072]);
        assertTrue(
                message(() -> Cifar10.test(root)).startsWith(file + ": 3072 bytes are not a whole number of records"));
        assertTrue(message(() -> Cifar10.train(root)).endsWith("data_batch_1.bin: no such file"));
    }

    @Test
    void cifarSheetsHaveAnImageARow() throws IOException {
        RgbImage sheet = new RgbImage(1024, 2);
        sheet.rgb()[3 * 1024 + 4] = 77;
        Files.write(root.resolve("test_batch.png"), PngWriter.encode(sheet));
        write("test_lables.json", "[3, 8]");
        InMemoryImages images = Cifar10Sheets.test(root);
        assertEquals(8, images.label(1));
        assertEquals(77, images.load(1).rgb()[4]);
        write("test_lables.json", "[3]");
        assertMessage(root + ": has more images than test_lables.json has labels (1)", () -> Cifar10Sheets.test(root));
        write("test_lables.json", "[3,1,1]");
        assertMessage(root + ": has 2 images, but test_lables.json has 3 labels", () -> Cifar10Sheets.test(root));
        write("test_lables.json", "{}");
        assertMessage(root + "/test_lables.json: is no JSON array of labels", () -> Cifar10Sheets.test(root));
        write("test_lables.json", "[3, 10]");
        assertMessage(root + "/test_lables.json: label 1 is 10, not 0 … 9", () -> Cifar10Sheets.test(root));
        write("test_lables.json", "[3, ");
        assertTrue(message(() -> Cifar10Sheets.test(root)).startsWith(root + "/test_lables.json: is broken JSON ("));
    }

    @Test
    void idxFilesArePlainOrPackedAndGrayIsReplicated() throws IOException {
        byte[] images = idx(0x0803, new int[] {2, 2, 3}, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
        byte[] labels = idx(0x0801, new int[] {2}, 4, 9);
        Files.write(root.resolve("t10k-images-idx3-ubyte"), images);
        try (OutputStream out =
                new GZIPOutputStream(Files.newOutputStream(root.resolve("t10k-labels-idx1-ubyte.gz")))) {
            out.write(labels);
        }
        InMemoryImages set = Idx.test(root, Idx.FASHION_CLASSES);
        assertEquals("RgbImage 3×2", set.load(1).toString());
        assertArrayEquals(
                new byte[] {6, 6, 6, 7, 7, 7, 8, 8, 8, 9, 9, 9, 10, 10, 10, 11, 11, 11},
                set.load(1).rgb());
        assertEquals("Ankle boot", set.classes().get(set.label(1)));

        Path file = root.resolve("t10k-images-idx3-ubyte");
        Files.write(file, labels);
        assertMessage(
                file + ": its first four bytes are not 0x00000803: no IDX file of unsigned bytes in 3 dimensions",
                () -> Idx.test(root, Idx.MNIST_CLASSES));
        Files.write(file, idx(0x0803, new int[] {1 << 30, 1 << 30, 1 << 30}, 1));
        assertMessage(file + ": is truncated, or its sizes are wrong", () -> Idx.test(root, Idx.MNIST_CLASSES));
        Files.write(file, java.util.Arrays.copyOf(images, images.length - 1));
        assertTrue(message(() -> Idx.test(root, Idx.MNIST_CLASSES)).contains("truncated"));
        Files.write(file, idx(0x0803, new int[] {1, 2, 3}, 1, 2, 3, 4, 5, 6));
        assertTrue(message(() -> Idx.test(root, Idx.MNIST_CLASSES)).contains("has 1 images, but"));
    }

    @Test
    void vocTargetsAreRecoded() throws IOException {
        for (String name : Voc.CLASSES) {
            write("VOCdevkit/VOC2007/ImageSets/Main/" + name + "_test.txt", "000007  1\n000002 -1\n");
        }
        write("VOCdevkit/VOC2007/ImageSets/Main/dog_test.txt", "000007  0\n");
        write("VOCdevkit/VOC2007/ImageSets/Main/test.txt", "000007\n000002\n");
        image("VOCdevkit/VOC2007/JPEGImages/000002.jpg", 2);
        Path folder = Voc.folder(root, 2007);
        assertMessage(
                folder + "/ImageSets/Main: image 000007: no such file: " + folder + "/JPEGImages/000007.jpg",
                () -> Voc.read(folder, "test"));
        image("VOCdevkit/VOC2007/JPEGImages/000007.jpg", 7);
        ImageFiles voc = Voc.read(folder, "test");
        assertEquals(List.of("000002", "000007"), List.of(voc.id(0), voc.id(1)));
        assertEquals(Target.Kind.CLASSES, voc.targets());
        int dog = Voc.CLASSES.indexOf("dog");
        assertEquals(Target.Classes.ABSENT, ((Target.Classes) voc.target(0)).values()[0]);
        assertEquals(Target.Classes.PRESENT, ((Target.Classes) voc.target(1)).values()[0]);
        assertEquals(Target.Classes.IGNORED, ((Target.Classes) voc.target(1)).values()[dog], "difficult");
        assertEquals(Target.Classes.IGNORED, ((Target.Classes) voc.target(0)).values()[dog], "not listed");
        assertEquals(7, voc.load(1).rgb()[0]);
        assertEquals(7, Voc.listed(folder, "Main/test").load(0).rgb()[0]);
        Path cat = write("VOCdevkit/VOC2007/ImageSets/Main/cat_test.txt", "000007 2\n");
        assertMessage(cat + ":1: the label must be −1, 0 or 1", () -> Voc.read(folder, "test"));
        write("VOCdevkit/VOC2007/ImageSets/Main/cat_test.txt", "../../etc 1\n");
        assertTrue(message(() -> Voc.read(folder, "test")).endsWith("letters, digits, '_' and '-' only"));
        assertTrue(message(() -> Voc.folder(root, 2012)).contains("holds no VOC2012"));
    }

    @Test
    void vocAnnotationsAreReadWithoutEntities() {
        String object = "<object><name>dog</name><truncated>1</truncated><difficult>0</difficult>"
                + "<bndbox><xmin>8</xmin><ymin>12</ymin><xmax>352</xmax><ymax>498.5</ymax></bndbox>"
                + "<part><name>head</name><bndbox><xmin>1</xmin></bndbox></part></object>";
        String size = "<size><width>353</width><height>500</height><depth>3</depth></size>";
        VocAnnotation read = annotation("<annotation><source/>" + size + object + "</annotation>");
        assertEquals(
                new VocAnnotation(353, 500, List.of(new VocAnnotation.Annotated(11, false, true, 8, 12, 352, 498.5))),
                read);
        assertTrue(message(() -> annotation("<annotation>" + object)).startsWith("x.xml: is broken XML ("));
        assertMessage("x.xml: annotation/size/width is no number", () -> annotation("<annotation/>"));
        assertMessage("x.xml: is no VOC annotation", () -> annotation("<html/>"));
        String entity =
                "<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><annotation>" + size + "&e;</annotation>";
        assertTrue(message(() -> annotation(entity)).startsWith("x.xml: "));
        assertMessage(
                "x.xml: a dog has a box of negative size",
                () -> annotation("<annotation>" + size + object.replace("<xmin>8<", "<xmin>900<") + "</annotation>"));
        assertMessage(
                "x.xml: an object of no VOC class",
                () -> annotation("<annotation>" + size + object.replace("dog", "cod") + "</annotation>"));
    }

    private static VocAnnotation annotation(String xml) {
        return VocAnnotation.parse(xml.getBytes(java.nio.charset.StandardCharsets.UTF_8), "x.xml");
    }

    private void assertMessage(String expected, String list) throws IOException {
        Path file = write("list", list);
        assertMessage(root + "/" + expected, () -> ImageList.labelled(file, root, 2));
    }

    private static void assertMessage(String expected, Executable reading) {
        assertEquals(expected, message(reading));
    }

    private static String message(Executable reading) {
        return assertThrows(DataException.class, reading).getMessage();
    }

    private List<String> relative(ImageFiles files) {
        return java.util.stream.IntStream.range(0, files.size())
                .mapToObj(i -> root.relativize(files.file(i)).toString())
                .toList();
    }

    private void image(String name, int value) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, PngWriter.encode(new RgbImage(1, 1, new byte[] {(byte) value, 0, 0})));
    }

    private Path write(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    static byte[] idx(int magic, int[] sizes, int... values) {
        ByteBuffer fields = ByteBuffer.allocate(4 + 4 * sizes.length).putInt(magic);
        for (int size : sizes) {
            fields.putInt(size);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(fields.array());
        for (int value : values) {
            out.write(value);
        }
        return out.toByteArray();
    }
}
