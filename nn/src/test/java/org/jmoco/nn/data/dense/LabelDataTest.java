package org.jmoco.nn.data.dense;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.IndexImage;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Split;
import org.jmoco.nn.data.source.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelDataTest {
    private static final byte[] PALETTE = {0, 0, 0, 9, 8, 7, 60, 50, 40};

    @TempDir
    Path root;

    // ---- VOC ----

    @Test
    void vocTakesItsOwnMapsBeforeOthers() throws IOException {
        Path year = voc();
        ImageSource train = open(Split.TRAIN);
        assertEquals(List.of("a", "b", "c"), ids(train));
        assertEquals(List.of(1, 2, 5), firstLabels(train), "a and b have own maps, c another's");
        assertEquals(Target.Kind.LABEL_MAP, train.targets());
        assertEquals(21, train.classes().size());
        assertEquals("background", train.className(0));
        assertEquals("tvmonitor", train.className(20));
        assertEquals(List.of("v"), ids(open(Split.TEST)));
        assertEquals(4, Scene.load(open(Split.TEST), 0).width());

        write(year.resolve("ImageSets/Segmentation/trainaug.txt"), "c\na\n");
        assertEquals(List.of("c", "a"), ids(open(Split.TRAIN)));
        DataSpec some = DataSpec.of(root)
                .withParts(new DataSpec.Part(Optional.empty(), Optional.of("train")), DataSpec.Part.OF_KIND);
        assertEquals(List.of("a", "b"), ids(LabelData.open(some, Split.TRAIN)));
        assertEquals(1, LabelData.open(some.withLimit(1), Split.TRAIN).size());
    }

    @Test
    void vocMayNameItsClasses() throws IOException {
        Path year = voc();
        write(year.resolve("classes.txt"), "cat\n\ndog\n");
        assertEquals(List.of("background", "cat", "dog"), open(Split.TRAIN).classes());
        String message = refused(() -> open(Split.TRAIN).target(2));
        assertEquals(
                year + "/SegmentationClassAug/c.png: the pixel at column 0, row 0 has the label 5, outside 0 … 2 "
                        + "(255 is no class); 12 pixels have it",
                message);
        write(year.resolve("classes.txt"), "cat\ncat\n");
        assertEquals(year + "/classes.txt: has the class name 'cat' twice", refused(() -> open(Split.TRAIN)));
    }

    @Test
    void vocSaysWhatIsMissing() throws IOException {
        Path year = voc();
        Path lists = year.resolve("ImageSets/Segmentation");
        Files.delete(year.resolve("SegmentationClassAug/c.png"));
        assertEquals(
                lists + "/aug.txt: the label map of c: no such file: " + year + "/SegmentationClassAug/c.png",
                refused(() -> open(Split.TRAIN)));
        Files.delete(year.resolve("JPEGImages/b.png"));
        assertEquals(
                lists + "/train.txt: image b: no such file: " + year + "/JPEGImages/b.png",
                refused(() -> open(Split.TRAIN)));
        write(lists.resolve("val.txt"), "v\nv\n");
        assertEquals(lists + ": the image v is listed twice in val", refused(() -> open(Split.TEST)));
        write(lists.resolve("val.txt"), "\n");
        assertEquals(lists + ": the lists of 'val' are empty", refused(() -> open(Split.TEST)));
        DataSpec odd = DataSpec.of(root)
                .withParts(new DataSpec.Part(Optional.empty(), Optional.of("../x")), DataSpec.Part.OF_KIND);
        assertTrue(refused(() -> LabelData.open(odd, Split.TRAIN)).startsWith("'../x' names no image set"));
    }

    /// `train` is a and b, `aug` is c, of which the map in the other folder counts.
    private Path voc() throws IOException {
        Path year = root.resolve("VOCdevkit/VOC2012");
        for (String id : List.of("a", "b", "c", "v")) {
            image(year.resolve("JPEGImages/" + id + ".png"), 4, 3);
        }
        write(year.resolve("ImageSets/Segmentation/train.txt"), "a\nb\n");
        write(year.resolve("ImageSets/Segmentation/aug.txt"), "c\n");
        write(year.resolve("ImageSets/Segmentation/val.txt"), "v\n");
        map(year.resolve("SegmentationClass/a.png"), 4, 3, 1, PALETTE);
        map(year.resolve("SegmentationClass/b.png"), 4, 3, 2, PALETTE);
        map(year.resolve("SegmentationClass/v.png"), 4, 3, 0, PALETTE);
        map(year.resolve("SegmentationClassAug/a.png"), 4, 3, 6, new byte[0]);
        map(year.resolve("SegmentationClassAug/c.png"), 4, 3, 5, new byte[0]);
        return year;
    }

    // ---- Cityscapes ----

    @Test
    void cityscapesIdsBecomeTrainIds() throws IOException {
        cityscapes("labelIds", 26, 5);
        ImageSource train = open(Split.TRAIN);
        assertEquals(List.of(13, 255), firstLabels(train), "26 is a car, 5 counts for nothing");
        assertEquals("car", train.className(13));
        assertEquals(19, train.classes().size());
        cityscapes("labelTrainIds", 18, 3);
        assertEquals(List.of(18, 3), firstLabels(open(Split.TRAIN)), "train ids are taken before ids");
        assertTrue(refused(() -> open(Split.TEST)).startsWith(root + "/leftImg8bit/val: no such folder"));
    }

    @Test
    void cityscapesSaysWhatIsMissing() throws IOException {
        cityscapes("labelIds", 26, 5);
        Files.delete(root.resolve("gtFine/train/ulm/y_gtFine_labelIds.png"));
        assertEquals(
                root + "/leftImg8bit/train/ulm/y_leftImg8bit.png: the label map is missing: no such file: " + root
                        + "/gtFine/train/ulm/y_gtFine_labelIds.png",
                refused(() -> open(Split.TRAIN)));
        cityscapes("labelIds", 26, 5);
        map(root.resolve("gtFine/train/ulm/z_gtFine_labelTrainIds.png"), 4, 3, 5, PALETTE);
        map(root.resolve("gtFine/train/ulm/z_gtFine_color.png"), 4, 3, 5, PALETTE);
        assertEquals(2, open(Split.TRAIN).size(), "files of other kinds are not looked at");
        map(root.resolve("gtFine/train/ulm/z_gtFine_labelIds.png"), 4, 3, 5, new byte[0]);
        assertEquals(
                root + "/gtFine/train/ulm/z_gtFine_labelIds.png: is a label map without an image " + root
                        + "/leftImg8bit/train/ulm/z_leftImg8bit.png",
                refused(() -> open(Split.TRAIN)));
        image(root.resolve("leftImg8bit/train/ulm/other.png"), 2, 2);
        assertTrue(refused(() -> open(Split.TRAIN)).contains("ulm/other.png: is no image of Cityscapes"));
    }

    private void cityscapes(String labels, int first, int second) throws IOException {
        image(root.resolve("leftImg8bit/train/aachen/x_leftImg8bit.png"), 4, 3);
        image(root.resolve("leftImg8bit/train/ulm/y_leftImg8bit.png"), 4, 3);
        map(root.resolve("gtFine/train/aachen/x_gtFine_" + labels + ".png"), 4, 3, first, new byte[0]);
        map(root.resolve("gtFine/train/ulm/y_gtFine_" + labels + ".png"), 4, 3, second, new byte[0]);
    }

    // ---- folders ----

    @Test
    void foldersPairByName() throws IOException {
        image(root.resolve("images/train/x/1.bmp"), 4, 3);
        map(root.resolve("labels/train/x/1.png"), 4, 3, 2, new byte[0]);
        image(root.resolve("images/val/2.png"), 4, 3);
        map(root.resolve("labels/val/2.png"), 4, 3, 0, new byte[0]);
        assertEquals(
                root + "/classes.txt: no such file; write the names of the classes, a line each in the order of their"
                        + " numbers, or say how many there are (data.classes)",
                refused(() -> open(Split.TRAIN)));
        DataSpec three = DataSpec.of(root).withClasses(3);
        assertEquals(List.of(2), firstLabels(LabelData.open(three, Split.TRAIN)));
        assertEquals(List.of("0", "1", "2"), LabelData.open(three, Split.TEST).classes());
        write(root.resolve("classes.txt"), "sky\nsea\nland\n");
        assertEquals("land", open(Split.TRAIN).className(2));
        assertEquals(
                root + "/classes.txt: names 3 classes, data.classes says 4",
                refused(() -> LabelData.open(three.withClasses(4), Split.TRAIN)));
        image(root.resolve("images/val/3.png"), 4, 3);
        assertEquals(
                root + "/images/val/3.png: has no label map " + root + "/labels/val/3.png",
                refused(() -> open(Split.TEST)));
        map(root.resolve("labels/val/3.png"), 4, 3, 0, new byte[0]);
        map(root.resolve("labels/val/4.png"), 4, 3, 0, new byte[0]);
        map(root.resolve("labels/val/5.png"), 4, 3, 0, new byte[0]);
        assertEquals(
                root + "/labels/val/4.png: is a label map without an image 4 in " + root + "/images/val (and 1 more)",
                refused(() -> open(Split.TEST)));
    }

    @Test
    void foldersMayHavePartsOutsideOrNone() throws IOException {
        write(root.resolve("classes.txt"), "sky\n");
        image(root.resolve("images/1.png"), 4, 3);
        map(root.resolve("labels/1.png"), 4, 3, 0, new byte[0]);
        assertEquals(1, open(Split.TRAIN).size());
        assertTrue(refused(() -> open(Split.TEST)).startsWith(root + ": has no test part"));
        image(root.resolve("validation/images/2.png"), 4, 3);
        map(root.resolve("validation/labels/2.png"), 4, 3, 0, new byte[0]);
        assertEquals(1, open(Split.TEST).size());
    }

    // ---- any ----

    @Test
    void sizesThatDifferAreNamed() throws IOException {
        write(root.resolve("classes.txt"), "sky\n");
        image(root.resolve("images/1.png"), 4, 3);
        map(root.resolve("labels/1.png"), 3, 4, 0, new byte[0]);
        assertEquals(
                root + "/images/1.png: the image has 4×3 pixels, its label map 3×4",
                refused(() -> Scene.load(open(Split.TRAIN), 0)));
    }

    @Test
    void aFolderWithoutLabelMapsSaysWhatWasLookedFor() throws IOException {
        image(root.resolve("images/1.png"), 4, 3);
        assertTrue(refused(() -> open(Split.TRAIN)).startsWith(root + ": holds no label maps. Looked for VOC"));
        assertEquals(Optional.empty(), LabelData.find(root));
    }

    /// What is written is read again, with and without a palette.
    @Test
    void writtenIndicesComeBack() throws IOException {
        byte[] indices = new byte[37 * 5];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = (byte) (i * i / 7 % 3);
        }
        for (byte[] palette : new byte[][] {PALETTE, new byte[0]}) {
            byte[] file = PngWriter.encode(new IndexImage(37, 5, indices), palette);
            assertArrayEquals(
                    indices,
                    LabelPng.ofClasses(3)
                            .read(file, "x", org.jmoco.nn.data.image.ImageDecoder.STANDARD)
                            .classes());
        }
    }

    private ImageSource open(Split split) {
        return LabelData.open(DataSpec.of(root), split);
    }

    private static String refused(org.junit.jupiter.api.function.Executable work) {
        return assertThrows(DataException.class, work).getMessage();
    }

    private static List<String> ids(ImageSource source) {
        return IntStream.range(0, source.size()).mapToObj(source::id).toList();
    }

    private static List<Integer> firstLabels(ImageSource source) {
        return IntStream.range(0, source.size())
                .mapToObj(i -> assertInstanceOf(Target.LabelMap.class, source.target(i))
                                .classes()[0]
                        & 0xFF)
                .toList();
    }

    private static void image(Path file, int width, int height) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, PngWriter.encode(new RgbImage(width, height)));
    }

    private static void map(Path file, int width, int height, int label, byte[] palette) throws IOException {
        byte[] labels = new byte[width * height];
        java.util.Arrays.fill(labels, (byte) label);
        Files.createDirectories(file.getParent());
        Files.write(file, PngWriter.encode(new IndexImage(width, height, labels), palette));
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
