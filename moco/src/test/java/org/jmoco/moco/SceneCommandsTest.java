package org.jmoco.moco;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jmoco.nn.data.image.IndexImage;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.image.RgbImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `jmoco data scenes`, and `jmoco data check` on label maps, as a user runs them.
class SceneCommandsTest {
    @TempDir
    Path root;

    private record Result(int code, List<String> out, List<String> err) {
        String line(String start) {
            return out.stream()
                    .filter(l -> l.strip().startsWith(start))
                    .findFirst()
                    .orElse("no " + start + " in " + out);
        }
    }

    private static Result run(Object... args) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream newOut = new ByteArrayOutputStream();
        ByteArrayOutputStream newErr = new ByteArrayOutputStream();
        System.setOut(new PrintStream(newOut, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(newErr, true, StandardCharsets.UTF_8));
        try {
            int code = Main.run(Arrays.stream(args).map(Object::toString).toArray(String[]::new));
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
    void scenesAreMadeAndPassTheCheck() throws IOException {
        Path scenes = root.resolve("scenes");
        Result made = run("data", "scenes", "--out", scenes, "--train", 12, "--test", 5, "--seed", 3);
        assertEquals(0, made.code, made.err.toString());
        String last = made.out.getLast();
        assertTrue(last.startsWith("result dir=" + scenes + " train=12 test=5 size=96 classes=10 objects="), last);

        Result checked = run("data", "check", "--label-maps", scenes);
        assertEquals(0, checked.code, checked.err.toString());
        assertEquals("unusable label map                  0", checked.line("unusable label map"));
        assertTrue(checked.line("background").matches(".*background +\\d+.*"), checked.out.toString());
        long pixels = checked.out.stream()
                .filter(l -> l.contains(" pixels ") && l.endsWith("%"))
                .mapToLong(l -> Long.parseLong(l.strip().replaceAll("^.*?(\\d+) pixels.*$", "$1")))
                .sum();
        assertEquals(12 * 96 * 96, pixels);
        assertTrue(checked.out.getLast().contains("unusableMaps=0"), checked.out.getLast());

        // As images it is a VOC year like others, and the check tells of its maps.
        Result images = run("data", "check", scenes);
        assertEquals(0, images.code, images.err.toString());
        assertTrue(images.out.getLast().startsWith("It has label maps too"), images.out.getLast());

        Result again = run("data", "scenes", "--out", scenes);
        assertEquals(1, again.code);
        assertEquals(1, again.err.size());
        assertTrue(again.err.getFirst().endsWith("is not empty; name a folder that is missing or empty"));
    }

    /// What would end a run after hours is found before: a label of no class, a map in colours, one of another
    /// size.
    @Test
    void unusableMapsAreNamedAndCounted() throws IOException {
        write("classes.txt", "sky\nsea\n".getBytes(StandardCharsets.UTF_8));
        byte[] labels = {0, 0, 1, 1, 1, (byte) 255};
        for (String name : List.of("a", "b", "c", "d")) {
            write("images/train/" + name + ".png", PngWriter.encode(picture(3, 2, name.charAt(0))));
        }
        write("labels/train/a.png", PngWriter.encode(new IndexImage(3, 2, labels), new byte[0]));
        write("labels/train/b.png", PngWriter.encode(new IndexImage(3, 2, new byte[] {0, 0, 0, 0, 7, 7}), new byte[0]));
        write("labels/train/c.png", PngWriter.encode(picture(3, 2, 1)));
        write("labels/train/d.png", PngWriter.encode(new IndexImage(2, 3, labels), new byte[0]));
        write("images/val/v.png", PngWriter.encode(picture(3, 2, 77)));
        write("labels/val/v.png", PngWriter.encode(new IndexImage(3, 2, new byte[] {9, 0, 0, 0, 0, 0}), new byte[0]));
        Result result = run("data", "check", root);
        assertEquals(1, result.code);
        assertEquals(
                List.of("unusable label map: " + root
                        + "/labels/train/b.png: the pixel at column 1, row 1 has the label 7,"
                        + " outside 0 … 1 (255 is no class); 2 pixels have it"),
                result.out.stream()
                        .map(String::strip)
                        .filter(l -> l.contains("train/b.png"))
                        .toList());
        assertTrue(result.out.stream().anyMatch(l -> l.contains("train/c.png: is no label map") && l.contains("RGB")));
        assertTrue(result.out.stream()
                .anyMatch(l -> l.contains("train/d.png: the image has 3×2 pixels, its label map 2×3")));
        assertTrue(result.out.stream().anyMatch(l -> l.contains("val/v.png") && l.contains("label 9")));
        assertEquals(
                List.of("sky 1", "sea 1", "sky 2 pixels", "sea 3 pixels", "(no class) 1 pixels"),
                result.out.stream()
                        .map(l -> l.strip().replaceAll(" +", " ").replaceAll("(pixels) .*", "$1"))
                        .filter(l -> l.startsWith("sky ") || l.startsWith("sea ") || l.startsWith("(no"))
                        .toList());
        assertEquals(1, result.err.size(), result.err.toString());
        assertTrue(result.err.getFirst().contains("cannot be used: 4 label maps end a run"), result.err.getFirst());
    }

    @Test
    void wrongOptionsAreOneLine() throws IOException {
        for (Object[] command : new Object[][] {
            {"data", "scenes", "--out", root.resolve("x"), "--size", 7},
            {"data", "scenes", "--out", root.resolve("x"), "--largest", 200},
            {"data", "scenes", "--out", root.resolve("x"), "--train", 0},
            {"data", "scenes", "--out", root.resolve("x"), "--images", root.resolve("nowhere")},
            {"data", "check", "--label-maps", root}
        }) {
            Result result = run(command);
            assertEquals(1, result.code, Arrays.toString(command));
            assertEquals(1, result.err.size(), result.err.toString());
        }
        assertFalse(Files.exists(root.resolve("x")));
    }

    private static RgbImage picture(int width, int height, int seed) {
        RgbImage image = new RgbImage(width, height);
        for (int i = 0; i < image.rgb().length; i++) {
            image.rgb()[i] = (byte) (i * (seed + 3) + 11 * seed);
        }
        return image;
    }

    private void write(String name, byte[] content) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }
}
