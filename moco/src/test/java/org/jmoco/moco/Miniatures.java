package org.jmoco.moco;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.Voc;

/// Miniature data sets in the layouts of ImageNet, Places205, iNaturalist 2018 and VOC2007, and the command line
/// run on them.
final class Miniatures {
    static final List<String> WNIDS = List.of("n01440764", "n01443537", "n01484850");

    private Miniatures() {}

    record Result(int code, List<String> out, List<String> err) {
        /// The value of a key on the last line, which begins with `result`.
        String value(String key) {
            String line = out.isEmpty() ? "" : out.getLast();
            String found = line.replaceAll("^result .*?\\b" + key + "=(\"[^\"]*\"|\\S*).*$", "$1");
            return line.startsWith("result ") && !found.equals(line)
                    ? found.replace("\"", "")
                    : "no " + key + " in: " + line + err;
        }
    }

    static Result run(Object... args) {
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

    /// A picture whose colour tells its class and whose stripes tell its number.
    static void image(Path file, int label, int number) throws IOException {
        Files.createDirectories(file.getParent());
        RgbImage image = new RgbImage(40, 30);
        for (int i = 0; i < image.rgb().length; i++) {
            image.rgb()[i] = (byte) (i % 3 == label % 3 ? 200 : 30 + 7 * (i / 3 * (number + 2) % 23));
        }
        PngWriter.write(image, file);
    }

    /// `train/n…/n…_1.JPEG`, `val/ILSVRC2012_val_….JPEG`, `meta/train.txt`, `meta/val.txt`, and SimCLR's
    /// `meta/1percent.txt`: 3 classes, 4 + 2 images each, 2 of them labelled.
    static Path imageNet(Path root) throws IOException {
        StringBuilder train = new StringBuilder();
        StringBuilder val = new StringBuilder();
        StringBuilder subset = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            String name = WNIDS.get(i % 3) + "_" + (100 + i) + ".JPEG";
            image(root.resolve("train").resolve(WNIDS.get(i % 3)).resolve(name), i % 3, i);
            train.append(WNIDS.get(i % 3))
                    .append('/')
                    .append(name)
                    .append(' ')
                    .append(i % 3)
                    .append('\n');
            if (i >= 6) {
                subset.append(name).append('\n');
            }
        }
        for (int i = 0; i < 6; i++) {
            String name = "ILSVRC2012_val_0000000" + i + ".JPEG";
            image(root.resolve("val").resolve(name), i % 3, 100 + i);
            val.append(name).append(' ').append(i % 3).append('\n');
        }
        text(root.resolve("meta/train.txt"), train.toString());
        text(root.resolve("meta/val.txt"), val.toString());
        text(root.resolve("meta/1percent.txt"), subset.toString());
        return root;
    }

    /// `images256/a/abbey/gsun_1.jpg`, `train_places205.csv`, `val_places205.csv`: lines `path label` with a
    /// space, whatever the suffix says. Two classes, the last ones of 205.
    static Path places(Path root) throws IOException {
        return places(root, 203);
    }

    /// @param first of the two classes
    static Path places(Path root, int first) throws IOException {
        for (String part : List.of("train", "val")) {
            StringBuilder list = new StringBuilder();
            for (int i = 0; i < 6; i++) {
                String name = "a/abbey " + i % 2 + "/" + part + i + ".jpg";
                image(root.resolve("images256").resolve(name), i % 2, i);
                list.append(name).append(' ').append(first + i % 2).append('\n');
            }
            text(root.resolve(part + "_places205.csv"), list.toString());
        }
        return root;
    }

    /// `train_val2018/Birds/8141/….jpg`, `train2018.json`, `val2018.json`. Two classes, the last ones of 8,142.
    static Path iNaturalist(Path root) throws IOException {
        return iNaturalist(root, 8140);
    }

    /// @param first of the two classes
    static Path iNaturalist(Path root, int first) throws IOException {
        for (String part : List.of("train", "val")) {
            StringBuilder images = new StringBuilder();
            StringBuilder annotations = new StringBuilder();
            for (int i = 0; i < 6; i++) {
                String name = "train_val2018/Birds/" + (first + i % 2) + "/" + part + i + ".jpg";
                image(root.resolve(name), i % 2, i);
                images.append(i == 0 ? "" : ", ")
                        .append("{\"id\": ")
                        .append(70 + i)
                        .append(", \"file_name\": \"")
                        .append(name)
                        .append("\", \"license\": 2}");
                annotations
                        .append(i == 0 ? "" : ", ")
                        .append("{\"id\": ")
                        .append(i)
                        .append(", \"image_id\": ")
                        .append(75 - i)
                        .append(", \"category_id\": ")
                        .append(first + (5 - i) % 2)
                        .append('}');
            }
            text(
                    root.resolve(part + "2018.json"),
                    "{\"images\": [" + images + "], \"annotations\": [" + annotations + "]}");
        }
        return root;
    }

    /// `VOCdevkit/VOC2007` with six trainval and six test images; image i shows class i, class i + 1 is difficult
    /// there.
    static Path voc(Path root) throws IOException {
        Path year = root.resolve("VOCdevkit/VOC2007");
        for (String set : List.of("trainval", "test")) {
            StringBuilder ids = new StringBuilder();
            for (int i = 0; i < 6; i++) {
                ids.append(id(set, i)).append('\n');
                image(year.resolve("JPEGImages").resolve(id(set, i) + ".jpg"), i, i);
            }
            text(year.resolve("ImageSets/Main/" + set + ".txt"), ids.toString());
            for (int c = 0; c < Voc.CLASSES.size(); c++) {
                StringBuilder lines = new StringBuilder();
                for (int i = 0; i < 6; i++) {
                    lines.append(id(set, i))
                            .append(c == i ? "  1" : c == i + 1 ? "  0" : " -1")
                            .append('\n');
                }
                text(year.resolve("ImageSets/Main/" + Voc.CLASSES.get(c) + "_" + set + ".txt"), lines.toString());
            }
        }
        return root;
    }

    /// IDX files of both parts: n gray images of 28×28 pixels each, the class of image i is i mod 10.
    static Path idx(Path root, int n) throws IOException {
        Files.createDirectories(root);
        for (String part : List.of("train", "t10k")) {
            byte[] images = new byte[16 + n * 28 * 28];
            byte[] labels = new byte[8 + n];
            System.arraycopy(new byte[] {0, 0, 8, 3, 0, 0, 0, (byte) n, 0, 0, 0, 28, 0, 0, 0, 28}, 0, images, 0, 16);
            System.arraycopy(new byte[] {0, 0, 8, 1, 0, 0, 0, (byte) n}, 0, labels, 0, 8);
            for (int i = 0; i < n; i++) {
                labels[8 + i] = (byte) (i % 10);
                for (int k = 0; k < 28 * 28; k++) {
                    images[16 + i * 28 * 28 + k] = (byte) (25 * (i % 10) + k * (i + 3) % 31);
                }
            }
            Files.write(root.resolve(part + "-images-idx3-ubyte"), images);
            Files.write(root.resolve(part + "-labels-idx1-ubyte"), labels);
        }
        return root;
    }

    private static String id(String set, int i) {
        return (set.equals("test") ? "00001" : "00000") + i;
    }

    static void text(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
