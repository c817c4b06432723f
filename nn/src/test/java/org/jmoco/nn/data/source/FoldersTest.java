package org.jmoco.nn.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.UnreadableImageException;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.image.RgbImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What people have in folders, and what becomes of it, in the words that they read.
class FoldersTest {
    @TempDir
    Path root;

    @Test
    void imagesBesideClassFoldersAreUsedWhereNoClassIsNeeded() throws IOException {
        images("a/1.png", "a/2.png", "b/3.png", "4.png", "5.png");
        ImageSource all = there().images(Split.TRAIN);
        assertEquals(List.of("a/1.png", "a/2.png", "b/3.png", "4.png", "5.png"), names(all));
        assertEquals(List.of(0, 0, 1, -1, -1), labels(all));
        assertEquals(List.of(), told(all));
        ImageSource classed = there().open(Split.TRAIN);
        assertEquals(List.of("a/1.png", "a/2.png", "b/3.png"), names(classed));
        assertEquals(
                List.of("2 images lie outside the class folders and are left out, the first: /4.png"), told(classed));
    }

    @Test
    void whatSystemsAndToolsLeaveIsNoClass() throws IOException {
        images("b/1.png", "c/2.png", ".ipynb_checkpoints/3.png", ".git/deep/4.png", "__MACOSX/b/5.png");
        images("@eaDir/6.png", "$RECYCLE.BIN/7.png", "b/._1.png", ".8.png", "b/.thumbs/9.jpg");
        write("b/.DS_Store");
        ImageSource all = there().open(Split.TRAIN);
        assertEquals(List.of("b", "c"), all.classes());
        assertEquals(List.of("b/1.png", "c/2.png"), names(all));
        assertEquals(
                List.of("8 images are hidden, or lie in hidden folders and are left out, the first: "
                        + "/$RECYCLE.BIN/7.png"),
                told(all));
    }

    @Test
    void knownFormatsThatAreNotReadAreCountedByName() throws IOException {
        images("a/1.png", "b/2.jpeg", "a/3.webp", "b/4.WEBP", "a/5.heic", "a/6.avif", "7.gif", "b/8.tif", "b/9.jp2");
        images("a/notes.txt", "a/10.csv");
        assertEquals(
                List.of(
                        "1 AVIF files are in a format that is not read and are left out: /a/6.avif",
                        "1 GIF files are in a format that is not read and are left out: /7.gif",
                        "1 HEIF files are in a format that is not read and are left out: /a/5.heic",
                        "1 JPEG 2000 files are in a format that is not read and are left out: /b/9.jp2",
                        "1 TIFF files are in a format that is not read and are left out: /b/8.tif",
                        "2 WebP files are in a format that is not read and are left out, the first: /a/3.webp"),
                told(there().images(Split.TRAIN)));
        Files.delete(root.resolve("b/2.jpeg"));
        String message = assertThrows(DataException.class, () -> there().open(Split.TRAIN))
                .getMessage();
        assertEquals(
                root + "/b: a class folder without a JPEG, PNG or BMP image; 1 JPEG 2000 files are in a format that is "
                        + "not read and are left out: " + root + "/b/9.jp2; 1 TIFF files are in a format that is not "
                        + "read and are left out: " + root + "/b/8.tif",
                message);
    }

    @Test
    void linksAreFollowedAndLedNowhereOrAstrayByNone() throws IOException {
        images("a/1.png", "elsewhere/x/2.png", "elsewhere/x/3.png");
        link("data/a", "../a");
        link("data/b", "../elsewhere/x");
        link("data/b/up", "../../data");
        link("data/b/root", "../../");
        link("data/a/gone.png", "nowhere.png");
        link("data/a/self.png", "self.png");
        link("data/c", "/mnt/a disk that is not there/c");
        DataSpec data = DataSpec.of(root.resolve("data"));
        ImageSource all = data.open(Split.TRAIN);
        assertEquals(
                List.of("data/a/1.png", "data/a/gone.png", "data/a/self.png", "data/b/2.png", "data/b/3.png"),
                names(all));
        assertEquals(
                List.of(
                        "2 links lead to a folder above them and are left out, the first: /data/b/root",
                        "1 links lead nowhere and are left out: /data/c"),
                told(all));
        assertUnreadable(root + "/data/a/gone.png: is a link to a file that is not there", all, 1);
        assertUnreadable(root + "/data/a/self.png: is a link that leads in a circle", all, 2);
    }

    private static void assertUnreadable(String message, ImageSource images, int index) {
        assertEquals(
                message,
                assertThrows(UnreadableImageException.class, () -> images.load(index))
                        .getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "train, val",
        "train, valid",
        "train, validation",
        "train, dev",
        "train, test",
        "Train, Test",
        "TRAIN, VAL",
        "training, testing",
        "train, eval",
        "Training, Validation"
    })
    void partsHaveManyNames(String train, String test) throws IOException {
        images(train + "/a/1.png", train + "/b/2.png", test + "/b/3.png");
        assertEquals(List.of(train + "/a/1.png", train + "/b/2.png"), names(there().open(Split.TRAIN)));
        ImageSource tests = there().open(Split.TEST);
        assertEquals(List.of(test + "/b/3.png"), names(tests));
        assertEquals(List.of(1), labels(tests), "as the training images have it");
        assertEquals(List.of("a", "b"), tests.classes());
    }

    @Test
    void whatLiesBesideThePartsIsSaidAndNotTrainedOn() throws IOException {
        images("train/a/1.png", "train/b/2.png", "bus/3.png", "car/4.png", "5.png", "val/a/6.png", "test/a/7.png");
        images("car/8.webp", ".git/9.png", "train/a/._1.png");
        ImageSource all = there().images(Split.TRAIN);
        assertEquals(List.of("train/a/1.png", "train/b/2.png"), names(all));
        assertEquals(
                List.of(
                        "3 images lie beside the folders of the training and test images and are left out, the first: "
                                + "/5.png",
                        "1 images lie in a further part of the data set and are left out: /test/a/7.png",
                        "2 images are hidden, or lie in hidden folders and are left out, the first: /.git/9.png",
                        "1 WebP files are in a format that is not read and are left out: /car/8.webp"),
                told(all));
        assertEquals(List.of(), told(there().images(Split.TEST)), "it is told once");
        // If `train` is a vehicle, a configuration says so.
        assertEquals(
                List.of("bus", "car", "test", "train", "val"),
                there().withParts(
                                new DataSpec.Part(java.util.Optional.of("."), java.util.Optional.empty()),
                                DataSpec.Part.OF_KIND)
                        .open(Split.TRAIN)
                        .classes());
    }

    @Test
    void aClassThatIsCalledAsAPartIsRemarkedUpon() throws IOException {
        images("images/1.png", "val/2.png");
        assertEquals(
                List.of(
                        "warning: a class is called val, as parts of data sets are; if it is no class, name the folders "
                                + "of the training and test images"),
                Remarks.of(there().open(Split.TRAIN)));
    }

    @Test
    void testImagesAloneAreNotTrainedOn() throws IOException {
        images("val/a/1.png", "test/a/2.png", ".git/3.png");
        assertEquals(
                root + ": has test images (" + root + "/val) and no training images: looked for a folder train or "
                        + "training; if its folders are classes, say so by data.train.folder=.",
                assertThrows(DataException.class, () -> there().open(Split.TRAIN))
                        .getMessage());
        assertEquals(
                List.of(
                        "1 images lie in a further part of the data set and are left out: /test/a/2.png",
                        "1 images are hidden, or lie in hidden folders and are left out: /.git/3.png"),
                told(there().images(Split.TEST)));
    }

    @Test
    void aLimitIsSpreadOverTheClasses() throws IOException {
        for (int i = 0; i < 6; i++) {
            images("train/a/" + i + ".png", "train/b/" + i + ".png", "val/a/" + i + ".png", "val/b/" + i + ".png");
        }
        images("train/c/0.png", "val/c/0.png", "train/loose.png");
        for (int limit = 3; limit < 13; limit++) {
            DataSpec some = there().withLimit(limit);
            for (ImageSource part : List.of(
                    some.open(Split.TRAIN),
                    some.open(Split.TEST),
                    some.classified().train(),
                    some.classified().test())) {
                assertEquals(limit, part.size());
                long[] counts = new long[3];
                labels(part).forEach(label -> counts[label]++);
                assertEquals(1, counts[2], "the only one");
                assertEquals(0, Math.abs(counts[0] - counts[1]) / 2, "evenly: " + List.of(counts[0], counts[1]));
            }
            assertEquals(limit, some.images(Split.TRAIN).size());
        }
        assertEquals(
                "a limit of 2 images leaves out some of the 3 classes; it must be at least as many",
                assertThrows(DataException.class, () -> there().withLimit(2).classified())
                        .getMessage());
    }

    private DataSpec there() {
        return DataSpec.of(root);
    }

    private List<String> names(ImageSource images) {
        return IntStream.range(0, images.size())
                .mapToObj(i -> root.relativize(Path.of(images.name(i))).toString())
                .toList();
    }

    private static List<Integer> labels(ImageSource images) {
        return IntStream.range(0, images.size()).mapToObj(images::label).toList();
    }

    private List<String> told(ImageSource images) {
        return images.leftOut().stream()
                .map(l -> l.toString().replace(root.toString(), ""))
                .toList();
    }

    private void images(String... names) throws IOException {
        for (String name : names) {
            write(name);
        }
    }

    private void write(String name) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, PngWriter.encode(new RgbImage(1, 1)));
    }

    private void link(String name, String to) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.createSymbolicLink(file, Path.of(to));
    }
}
