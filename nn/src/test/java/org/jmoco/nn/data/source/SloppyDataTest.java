package org.jmoco.nn.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.UnreadableImageException;
import org.jmoco.nn.data.augment.Preset;
import org.jmoco.nn.data.image.ImageDecoder;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.loader.Loader;
import org.jmoco.nn.data.loader.LoaderOptions;
import org.jmoco.nn.data.tool.CheckReport;
import org.jmoco.nn.data.tool.DataCheck;
import org.jmoco.nn.data.tool.Finding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Lists and images as people have them: read as they are meant, or told in a line.
class SloppyDataTest {
    @TempDir
    Path root;

    @Test
    void listsMayHaveTabsCommasHeadingsMarksAndNumbersFromOne() throws IOException {
        images("a b/1.png", "c/2.png");
        for (String list : List.of(
                "a b/1.png 1\nc/2.png 2\n",
                "\uFEFFa b/1.png\t1\r\nc/2.png\t2\r\n",
                "path,label\na b/1.png,1\nc/2.png,2",
                "\uFEFFfile\tclass\n\na b/1.png, 1\nc/2.png , 2\n\n")) {
            ImageSource read = listed(list);
            assertEquals(List.of(1, 2), List.of(read.label(0), read.label(1)), list);
            assertEquals(List.of("warning: labels begin at 1, so class 0 has no image"), Remarks.of(read));
        }
        for (String list : List.of("a b/1.png,dog\nc/2.png,cat\n", "\uFEFFimage\tname\na b/1.png\tdog\nc/2.png\tcat")) {
            ImageSource read = listed(list);
            assertEquals(List.of("cat", "dog"), read.classes());
            assertEquals(List.of(1, 0), List.of(read.label(0), read.label(1)));
        }
        for (String label : List.of("50000000", "2147483647", "2147483648", "99999999999999999999", "-1", "1e3")) {
            String message = assertThrows(DataException.class, () -> listed("a b/1.png 0\nc/2.png " + label + "\n"))
                    .getMessage();
            assertTrue(message.startsWith(root + "/list.txt:2: the label "), message);
        }
    }

    @Test
    void listsThatAreNoTextAreRefused() throws IOException {
        images("1.png");
        Files.write(root.resolve("list.txt"), "1.png 0\n".getBytes(StandardCharsets.UTF_16));
        assertEquals(root + "/list.txt: is UTF-16 text; save it as UTF-8", message());
        Files.write(root.resolve("list.txt"), "\u00e4.png 0\n".getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(root + "/list.txt: is no UTF-8 text", message());
        Files.delete(root.resolve("list.txt"));
        Files.createDirectory(root.resolve("list.txt"));
        String folder = message();
        assertTrue(folder.startsWith(root + "/list.txt: ") && !folder.contains("Exception"), folder);
    }

    private String message() {
        return assertThrows(DataException.class, () -> there().open(Split.TRAIN))
                .getMessage();
    }

    private ImageSource listed(String text) throws IOException {
        Files.writeString(root.resolve("list.txt"), text);
        return there().open(Split.TRAIN);
    }

    private DataSpec there() {
        return DataSpec.of(root)
                .withParts(
                        new DataSpec.Part(
                                Optional.empty(),
                                Optional.of(root.resolve("list.txt").toString())),
                        DataSpec.Part.OF_KIND);
    }

    @Test
    void grayOf16BitsIsFoundAndWarnedOf() throws IOException {
        images("a/1.png", "b/2.png");
        try (InputStream in = ImageDecoder.class.getResourceAsStream("decode/type0-16bit.png")) {
            Files.write(root.resolve("b/deep.png"), in.readAllBytes());
        }
        ImageSource images = DataSpec.of(root).images(Split.TRAIN);
        assertEquals(
                List.of("warning: " + root + "/b/deep.png: is gray of 16 bits; values above 255 become white, as in "
                        + "Pillow (jmoco data check counts them)"),
                Remarks.of(images));
        CheckReport report = new DataCheck(1, line -> {}).run(images, Optional.empty());
        assertEquals(1, report.count(Finding.Kind.CLIPPED));
    }

    @Test
    void howLargeAnImageMayBeIsASetting() throws IOException {
        Files.createDirectories(root.resolve("a"));
        Files.write(root.resolve("a/1.png"), PngWriter.encode(new RgbImage(20, 10)));
        DataSpec data = DataSpec.of(root);
        assertEquals(20, data.images(Split.TRAIN).load(0).width());
        assertEquals(
                20,
                data.withTolerance(Optional.of(200L), Optional.empty())
                        .images(Split.TRAIN)
                        .load(0)
                        .width());
        String message = assertThrows(
                        UnreadableImageException.class,
                        () -> data.withTolerance(Optional.of(199L), Optional.empty())
                                .images(Split.TRAIN)
                                .load(0))
                .getMessage();
        assertTrue(message.contains("20×10 pixels are over the limit of 199") && message.contains("data.max-pixels"));
    }

    @Test
    void oneBadImageOfAFewEndsNoRunUnlessItIsSaidTo() throws IOException {
        images("1.png", "2.png", "3.png", "4.png");
        Files.writeString(root.resolve("5.png"), "no image");
        DataSpec data = DataSpec.of(root);
        assertEquals(4, load(data));
        assertEquals(4, load(data.withTolerance(Optional.empty(), Optional.of(0.2))));
        assertThrows(DataException.class, () -> load(data.withTolerance(Optional.empty(), Optional.of(0.0))));
        Files.writeString(root.resolve("4.png"), "nor this");
        assertThrows(DataException.class, () -> load(data));
        assertEquals(3, load(data.withTolerance(Optional.empty(), Optional.of(0.4))));
    }

    private static int load(DataSpec data) {
        LoaderOptions options = data.withWorkers(1).loading(LoaderOptions.evaluation(2));
        try (Loader loader = new Loader(data.images(Split.TRAIN), List.of(Preset.LINEAR_VAL.pipeline(8)), options)) {
            int images = 0;
            while (loader.hasNext()) {
                images += loader.next().size();
            }
            return images;
        }
    }

    private void images(String... names) throws IOException {
        for (int i : IntStream.range(0, names.length).toArray()) {
            Path file = root.resolve(names[i]);
            Files.createDirectories(file.getParent());
            Files.write(file, PngWriter.encode(new RgbImage(1, 1)));
        }
    }
}
