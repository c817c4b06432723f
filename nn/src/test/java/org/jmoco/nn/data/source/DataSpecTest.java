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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class DataSpecTest {
    @TempDir
    Path root;

    private DataSpec there() {
        return DataSpec.of(root);
    }

    @Test
    void theSampleNeedsNoFolder() {
        for (DataSpec sample : List.of(DataSpec.SAMPLE, DataSpec.DEFAULT, DataSpec.DEFAULT.at("sample"))) {
            assertEquals(4000, sample.open(Split.TRAIN).size());
            assertEquals(1000, sample.open(Split.TEST).size());
        }
        assertMessage(
                "data.path is missing: data of the kind cifar10 needs a folder",
                () -> DataSpec.DEFAULT.withKind(Kind.CIFAR10).open(Split.TRAIN));
        assertMessage(
                "data.path is missing: name the folder of the data set",
                () -> DataSpec.DEFAULT
                        .withParts(new DataSpec.Part("a", "b"), DataSpec.Part.OF_KIND)
                        .open(Split.TRAIN));
    }

    /// A path alone is enough: it is never the sample.
    @Test
    void aPathIsWhatLiesThereWhateverTheDefaultIs() throws IOException {
        image("a/1.png");
        image("b/2.png");
        DataSpec said = DataSpec.DEFAULT.withPath(root.toString());
        assertEquals(Kind.FOLDER, said.kindThere());
        assertEquals(2, said.open(Split.TRAIN).size());
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
            assertEquals(Kind.CIFAR10, Kind.recognise(given));
            assertEquals(5, DataSpec.of(given).open(Split.TRAIN).size());
            assertEquals(9, DataSpec.of(given).open(Split.TEST).label(1));
        }
    }

    @Test
    void cifarsSheetsArePartedIntoTrainAndTest() throws IOException {
        write("test_batch.png", PngWriter.encode(new RgbImage(1024, 2)));
        write("test_lables.json", "[3, 8]".getBytes());
        assertEquals(Kind.CIFAR10, Kind.recognise(root));
        assertEquals(8, there().open(Split.TEST).label(1));
        assertMessage(root + "/train_lables.json: no such file", () -> there().open(Split.TRAIN));
    }

    @Test
    void idxFilesTakeTheirClassNamesFromTheFileBesideThem() throws IOException {
        write("t10k-images-idx3-ubyte", SourcesTest.idx(0x0803, new int[] {1, 1, 1}, 7));
        write("t10k-labels-idx1-ubyte", SourcesTest.idx(0x0801, new int[] {1}, 9));
        assertEquals(Kind.IDX, Kind.recognise(root));
        assertEquals("9", there().open(Split.TEST).classes().get(9));
        write("classes.txt", String.join("\n", Idx.FASHION_CLASSES).getBytes());
        assertEquals("Ankle boot", there().open(Split.TEST).classes().get(9));
        write("classes.txt", "one\ntwo\n".getBytes());
        assertMessage(root + "/t10k-labels-idx1-ubyte: label 0 is 9, not 0 … 1", () -> there().open(Split.TEST));
        assertMessage(root + "/train-images-idx3-ubyte: no such file", () -> there().open(Split.TRAIN));
    }

    @Test
    void vocIsFoundBelowWhatIsNamed() throws IOException {
        image("VOCdevkit/VOC2007/JPEGImages/000007.jpg");
        write("VOCdevkit/VOC2007/ImageSets/Main/trainval.txt", "000007\n".getBytes());
        for (String given : List.of("", "VOCdevkit", "VOCdevkit/VOC2007")) {
            assertEquals(Kind.VOC, Kind.recognise(root.resolve(given)), given);
            assertEquals(1, DataSpec.of(root.resolve(given)).open(Split.TRAIN).size());
        }
        assertMessage(
                root + "/VOCdevkit/VOC2007/ImageSets/Main/test.txt: no such file", () -> there().open(Split.TEST));
    }

    @Test
    void foldersHavePartsIfTheyAreNamedSo() throws IOException {
        image("train/a/1.png");
        image("train/b/2.png");
        assertEquals(List.of("a", "b"), there().open(Split.TRAIN).classes(), "no other part yet");
        assertMessage(
                root + ": has no test images: looked for the folders train, and val or test, in it (or valid, "
                        + "validation, dev)",
                () -> there().open(Split.TEST));
        image("val/b/3.png");
        image("val/a/3.png");
        assertEquals(Kind.FOLDER, Kind.recognise(root));
        assertEquals(List.of("a", "b"), there().open(Split.TRAIN).classes());
        assertEquals(2, there().open(Split.TEST).size());
        assertEquals(1, Selection.first(there().open(Split.TRAIN), 1).size());
        assertEquals(2, Selection.first(there().open(Split.TRAIN), 9).size());
        assertEquals(2, there().withLimit(0).open(Split.TRAIN).size());
        assertEquals(1, there().withLimit(1).open(Split.TRAIN).size());
        assertEquals(2, there().withLimit(9).open(Split.TRAIN).size());
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
                root + "/list.txt: a list or a folder goes with images in folders, not with data of the kind idx",
                () -> listed("list.txt").withKind(Kind.IDX).open(Split.TRAIN));
    }

    @Test
    void whatIsNoDataSetIsRefusedWithWhatWasLookedFor() throws IOException {
        assertMessage(
                root + "/none: no such folder",
                () -> DataSpec.of(root.resolve("none")).open(Split.TRAIN));
        write("readme.txt", new byte[0]);
        assertMessage(
                root + "/readme.txt: is not a folder",
                () -> DataSpec.of(root.resolve("readme.txt")).open(Split.TRAIN));
        String message = assertThrows(DataException.class, () -> there().open(Split.TRAIN))
                .getMessage();
        assertTrue(message.startsWith(root + ": holds no data set. Looked for CIFAR-10 (data_batch_1.bin"), message);
        assertEquals(1, message.lines().count());
        write("data_batch_1", new byte[9]);
        assertMessage(
                root
                        + ": holds CIFAR-10's Python version; the binary version is read: ./jmoco data "
                        + "cifar10 --out DIR fetches it",
                () -> there().open(Split.TRAIN));
    }

    private List<Integer> labels(String list) {
        try {
            write("list.txt", list.getBytes());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        ImageSource source = listed("list.txt").open(Split.TRAIN);
        return List.of(source.label(0), source.label(1));
    }

    private DataSpec listed(String list) {
        DataSpec.Part part = new DataSpec.Part(
                Optional.empty(), Optional.of(root.resolve(list).toString()));
        return DataSpec.of(root).withParts(part, DataSpec.Part.OF_KIND);
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
