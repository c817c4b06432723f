package org.jmoco.nn.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.Sources.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class OpenSourcesTest {
    @TempDir
    Path root;

    @Test
    void theSampleNeedsNoFolder() {
        assertEquals(
                4000,
                Sources.open(Kind.SAMPLE, Optional.empty(), Optional.empty(), Split.TRAIN)
                        .size());
        assertEquals(
                1000,
                Sources.open(Kind.SAMPLE, Optional.empty(), Optional.empty(), Split.TEST)
                        .size());
        assertMessage(
                "data of the kind cifar10 needs a folder",
                () -> Sources.open(Kind.CIFAR10, Optional.empty(), Optional.empty(), Split.TRAIN));
    }

    @Test
    void cifarsBinaryFilesArePartedIntoTrainAndTest() throws IOException {
        for (int i = 0; i < 5; i++) {
            write(
                    "cifar-10-batches-bin/" + Cifar10.TRAIN_FILES.get(i),
                    Cifar10.toRecords(new byte[3 * 1024], new int[] {i}));
        }
        write("cifar-10-batches-bin/test_batch.bin", Cifar10.toRecords(new byte[2 * 3 * 1024], new int[] {8, 9}));
        for (Path given : List.of(root, root.resolve("cifar-10-batches-bin"))) {
            assertEquals(Kind.CIFAR10, Sources.recognise(given));
            assertEquals(5, Sources.open(given).size());
            assertEquals(9, Sources.open(given, Split.TEST).label(1));
        }
    }

    @Test
    void cifarsSheetsArePartedIntoTrainAndTest() throws IOException {
        write("test_batch.png", PngWriter.encode(new RgbImage(1024, 2)));
        write("test_lables.json", "[3, 8]".getBytes());
        assertEquals(Kind.CIFAR10, Sources.recognise(root));
        assertEquals(8, Sources.open(root, Split.TEST).label(1));
        assertMessage(root + "/train_lables.json: no such file", () -> Sources.open(root));
    }

    @Test
    void idxFilesTakeTheirClassNamesFromTheFileBesideThem() throws IOException {
        write("t10k-images-idx3-ubyte", SourcesTest.idx(0x0803, new int[] {1, 1, 1}, 7));
        write("t10k-labels-idx1-ubyte", SourcesTest.idx(0x0801, new int[] {1}, 9));
        assertEquals(Kind.IDX, Sources.recognise(root));
        assertEquals("9", Sources.open(root, Split.TEST).classes().get(9));
        write("classes.txt", String.join("\n", Idx.FASHION_CLASSES).getBytes());
        assertEquals("Ankle boot", Sources.open(root, Split.TEST).classes().get(9));
        write("classes.txt", "one\ntwo\n".getBytes());
        assertMessage(root + "/t10k-labels-idx1-ubyte: label 0 is 9, not 0 … 1", () -> Sources.open(root, Split.TEST));
        assertMessage(root + "/train-images-idx3-ubyte: no such file", () -> Sources.open(root));
    }

    @Test
    void vocIsFoundBelowWhatIsNamed() throws IOException {
        image("VOCdevkit/VOC2007/JPEGImages/000007.jpg");
        write("VOCdevkit/VOC2007/ImageSets/Main/trainval.txt", "000007\n".getBytes());
        for (String given : List.of("", "VOCdevkit", "VOCdevkit/VOC2007")) {
            assertEquals(Kind.VOC, Sources.recognise(root.resolve(given)), given);
            assertEquals(1, Sources.open(root.resolve(given)).size());
        }
        assertMessage(
                root + "/VOCdevkit/VOC2007/ImageSets/Main/test.txt: no such file",
                () -> Sources.open(root, Split.TEST));
    }

    @Test
    void foldersHavePartsIfTheyAreNamedSo() throws IOException {
        image("train/a/1.png");
        image("train/b/2.png");
        ImageSource whole = Sources.open(root);
        assertEquals(List.of("train"), whole.classes(), "no parts yet: a class of that name");
        assertMessage(
                root + ": has no test images: looked for the folders train, and val or test, in it",
                () -> Sources.open(root, Split.TEST));
        image("val/b/3.png");
        image("val/a/3.png");
        assertEquals(Kind.FOLDER, Sources.recognise(root));
        assertEquals(List.of("a", "b"), Sources.open(root).classes());
        assertEquals(2, Sources.open(root, Split.TEST).size());
        assertEquals(1, Sources.first(Sources.open(root), 1).size());
        assertEquals(2, Sources.first(Sources.open(root), 0).size());
        assertEquals(2, Sources.first(Sources.open(root), 9).size());
    }

    @Test
    void listsTellTheirFormByTheirFirstLine() throws IOException {
        image("n01/n01_1.png");
        image("n02/n02_5.png");
        assertEquals(List.of(7, 0), labels("n01/n01_1.png 7\nn02/n02_5.png 0\n"));
        assertEquals(List.of(-1, -1), labels("\nn01/n01_1.png\nn02/n02_5.png\n"));
        assertEquals(List.of(1, 0), labels("n02_5.png\nn01_1.png\n"));
        assertMessage(
                root + "/list.txt:2: the label -3 is negative", () -> labels("n01/n01_1.png 7\nn02/n02_5.png -3\n"));
        assertMessage(root + "/list.txt:1: no such file: " + root + "/n03_5.png", () -> labels("n03_5.png\n"));
        assertMessage(root + "/list.txt: lists no image", () -> labels(" \n"));
        assertMessage(
                root + "/list.txt: a list goes with images in folders, not with data of the kind idx",
                () -> Sources.open(Kind.IDX, Optional.of(root), Optional.of(root.resolve("list.txt")), Split.TRAIN));
    }

    @Test
    void whatIsNoDataSetIsRefusedWithWhatWasLookedFor() throws IOException {
        assertMessage(root + "/none: no such folder", () -> Sources.open(root.resolve("none")));
        write("readme.txt", new byte[0]);
        assertMessage(root + "/readme.txt: is not a folder", () -> Sources.open(root.resolve("readme.txt")));
        String message =
                assertThrows(DataException.class, () -> Sources.open(root)).getMessage();
        assertTrue(message.startsWith(root + ": holds no data set. Looked for CIFAR-10 (data_batch_1.bin"), message);
        assertEquals(1, message.lines().count());
        write("data_batch_1", new byte[9]);
        assertMessage(
                root
                        + ": holds CIFAR-10's Python version; the binary version is read: ./jmoco data "
                        + "cifar10 --out DIR fetches it",
                () -> Sources.open(root));
    }

    private List<Integer> labels(String list) {
        try {
            write("list.txt", list.getBytes());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        ImageSource source =
                Sources.open(Kind.FOLDER, Optional.of(root), Optional.of(root.resolve("list.txt")), Split.TRAIN);
        return List.of(source.label(0), source.label(1));
    }

    private static void assertMessage(String expected, Executable run) {
        assertEquals(expected, assertThrows(DataException.class, run).getMessage());
    }

    private void image(String name) throws IOException {
        write(name, PngWriter.encode(new RgbImage(1, 1)));
    }

    private void write(String name, byte[] bytes) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }
}
