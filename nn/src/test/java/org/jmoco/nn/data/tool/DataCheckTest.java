package org.jmoco.nn.data.tool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.nn.data.augment.Preset;
import org.jmoco.nn.data.image.ImageDecoder;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.loader.Streams;
import org.jmoco.nn.data.source.BundledSample;
import org.jmoco.nn.data.source.ImageFolder;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.InMemoryImages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataCheckTest {
    @TempDir
    Path root;

    @Test
    void everyKindOfTroubleIsFoundOnce() throws IOException {
        for (int i = 0; i < 6; i++) {
            write("train/a/" + i + ".png", PngWriter.encode(picture(10 + i, i)));
            write("train/b/" + i + ".png", PngWriter.encode(picture(20 + i, i)));
        }
        byte[] cmyk = fixture("cmyk.jpg");
        write("train/a/cmyk.jpg", cmyk);
        write("train/a/lies.jpg", fixture("type2-8bit.png"));
        write("train/b/cut.jpg", Arrays.copyOf(fixture("gray.jpg"), 300));
        write("train/b/empty.png", new byte[0]);
        write("train/b/again.bmp", PngWriter.encode(picture(23, 3))); // both a double and a PNG called BMP
        write("train/b/contradicts.png", PngWriter.encode(picture(12, 2)));
        write("val/a/leak.png", PngWriter.encode(picture(25, 5)));
        write("val/a/new.png", PngWriter.encode(picture(25, 6)));
        write("val/b/cut.jpg", Arrays.copyOf(fixture("gray.jpg"), 300));
        ImageSource train = ImageFolder.labelled(root.resolve("train"));
        ImageSource val = ImageFolder.labelled(root.resolve("val"));

        CheckReport report = new DataCheck(3, line -> {}).run(train, Optional.of(val));
        Path b = root.resolve("train/b");
        assertEquals(
                List.of(
                        new Finding(Finding.Kind.CMYK, root + "/train/a/cmyk.jpg: is stored as CMYK"),
                        new Finding(Finding.Kind.MISLABELLED, root + "/train/a/lies.jpg: is named JPEG but is PNG"),
                        new Finding(Finding.Kind.DUPLICATE, b + "/again.bmp: has the pixels of " + b + "/3.png"),
                        new Finding(Finding.Kind.MISLABELLED, b + "/again.bmp: is named BMP but is PNG"),
                        new Finding(
                                Finding.Kind.CONTRADICTION,
                                b + "/contradicts.png: has the pixels of " + root + "/train/a/2.png"),
                        new Finding(
                                Finding.Kind.TRUNCATED,
                                b + "/cut.jpg: is truncated: the JPEG data end before the end-of-image marker"),
                        new Finding(Finding.Kind.UNREADABLE, b + "/empty.png: the file is empty"),
                        new Finding(Finding.Kind.LEAK, root + "/val/a/leak.png: has the pixels of " + b + "/5.png")),
                report.findings().stream()
                        .sorted(java.util.Comparator.comparing(f -> order(f)))
                        .toList());
        assertEquals(18, report.images());
        assertEquals(3, report.heldOut());
        assertEquals(2, report.unreadable());
        assertFalse(report.usable(0.01));
        assertEquals(
                List.of(new CheckReport.ClassCount("a", 8), new CheckReport.ClassCount("b", 10)), report.classes());
        assertEquals(new CheckReport.Sizes(8, 8, 45), report.sizes());
        assertEquals(
                report, new DataCheck(1, line -> {}).run(train, Optional.of(val)), "the report depends on the threads");
    }

    private static String order(Finding finding) {
        return (finding.kind() == Finding.Kind.LEAK ? "2" : "1") + finding.text();
    }

    @Test
    void oneInAHundredUnreadableIsTheLimit() throws IOException {
        for (int i = 0; i < 99; i++) {
            write(i + ".png", PngWriter.encode(picture(9, i)));
        }
        write("bad1.png", new byte[3]);
        assertTrue(new DataCheck(2, line -> {})
                .run(ImageFolder.unlabelled(root), Optional.empty())
                .usable(0.01));
        write("bad2.png", new byte[3]);
        CheckReport report = new DataCheck(2, line -> {}).run(ImageFolder.unlabelled(root), Optional.empty());
        assertFalse(report.usable(0.01));
        assertEquals(List.of(), report.classes());
    }

    @Test
    void decodedDataSetsAreComparedToo() {
        byte[] pixels = {1, 2, 3, 4, 5, 6, 1, 2, 3};
        InMemoryImages images = new InMemoryImages("x", 1, 1, 3, pixels, new int[] {0, 2, 2}, List.of("p", "q", "r"));
        CheckReport report = new DataCheck(2, line -> {}).run(images, Optional.of(images));
        assertEquals(1, report.count(Finding.Kind.CONTRADICTION));
        assertEquals(3, report.count(Finding.Kind.LEAK));
        assertEquals(
                List.of(
                        new CheckReport.ClassCount("p", 1),
                        new CheckReport.ClassCount("q", 0),
                        new CheckReport.ClassCount("r", 2)),
                report.classes());
    }

    @Test
    void theGridHasTheViewsThatTheLoaderMakes() {
        Pipeline pipeline = Preset.MOCO_CIFAR.pipeline();
        InMemoryImages sample = BundledSample.test();
        int[] rows = ViewGrid.choose(sample, 3, 5);
        assertArrayEquals(rows, ViewGrid.choose(sample, 3, 5));
        assertFalse(Arrays.equals(rows, ViewGrid.choose(sample, 3, 6)));
        RgbImage grid = ViewGrid.draw(sample, List.of(pipeline, pipeline), 5, rows, 32);
        assertEquals("RgbImage 112×112", grid.toString());
        for (int row = 0; row < 3; row++) {
            RgbImage original = sample.load(rows[row]);
            assertCell(original, grid, 0, row);
            assertCell(pipeline.apply(original, Streams.view(5, 0, rows[row], 0)), grid, 1, row);
            assertCell(pipeline.apply(original, Streams.view(5, 0, rows[row], 1)), grid, 2, row);
        }
        assertEquals(
                1,
                new java.util.HashSet<>(List.of(grid.rgb()[0], grid.rgb()[1], (byte) 255)).size(),
                "white between the cells");
    }

    @Test
    void imagesThatCannotBeReadHaveNoRow() throws IOException {
        write("bad.png", new byte[3]);
        assertThrows(DataException.class, () -> ViewGrid.choose(ImageFolder.unlabelled(root), 1, 0));
        write("good.png", PngWriter.encode(picture(30, 1)));
        assertArrayEquals(new int[] {1}, ViewGrid.choose(ImageFolder.unlabelled(root), 5, 0));
        RgbImage grid = ViewGrid.draw(ImageFolder.unlabelled(root), List.of(), 0, new int[] {1}, 60);
        assertEquals("RgbImage 68×68", grid.toString());
        // 30 × 8 pixels become 60 × 16 in the middle of the square; above them is black.
        assertEquals(0, grid.rgb()[3 * ((4 + 21) * 68 + 30)]);
        assertEquals(
                ImageDecoder.STANDARD.decode(root.resolve("good.png")).rgb()[0], grid.rgb()[3 * ((4 + 22) * 68 + 4)]);
    }

    private static void assertCell(RgbImage expected, RgbImage grid, int column, int row) {
        for (int y = 0; y < 32; y++) {
            int at = 3 * ((4 + row * 36 + y) * grid.width() + 4 + column * 36);
            assertArrayEquals(
                    Arrays.copyOfRange(expected.rgb(), 96 * y, 96 * y + 96),
                    Arrays.copyOfRange(grid.rgb(), at, at + 96),
                    row + " " + column + " " + y);
        }
    }

    private static RgbImage picture(int width, int seed) {
        RgbImage image = new RgbImage(width, 8);
        for (int i = 0; i < image.rgb().length; i++) {
            image.rgb()[i] = (byte) (i * (seed + 3) + 11 * seed + 5);
        }
        return image;
    }

    private static byte[] fixture(String name) throws IOException {
        try (var in = ImageDecoder.class.getResourceAsStream("decode/" + name)) {
            return in.readAllBytes();
        }
    }

    private void write(String name, byte[] content) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }
}
