package org.jmoco.moco;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.jmoco.nn.Arch;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.StateDict;
import org.jmoco.nn.Stem;
import org.jmoco.nn.data.source.Voc;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.Npy;
import org.jmoco.tensor.io.SafeTensors;
import org.jmoco.tensor.random.Philox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `jmoco svm`, `lowshot` and `compare` as a user runs them. That their numbers are scikit-learn's is tested with
/// the library.
class SvmCommandsTest {
    private static final String FIXTURE = "../eval/src/test/resources/org/jmoco/eval/svm/";
    private static final String[] FILES = {
        "--features",
        FIXTURE + "train-features.npy",
        "--labels",
        FIXTURE + "train-labels.npy",
        "--test-features",
        FIXTURE + "test-features.npy",
        "--test-labels",
        FIXTURE + "test-labels.npy"
    };

    @TempDir
    Path temp;

    private record Result(int code, List<String> out, List<String> err) {
        String last() {
            assertEquals(0, code, err.toString());
            return out.getLast();
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

    private static Object[] args(String command, Object... more) {
        return args(command, FILES, more);
    }

    private static Object[] args(String command, String[] files, Object... more) {
        Object[] all = new Object[1 + files.length + more.length];
        all[0] = command;
        System.arraycopy(files, 0, all, 1, files.length);
        System.arraycopy(more, 0, all, 1 + files.length, more.length);
        return all;
    }

    @Test
    void aResultIsTheSameBytesTwice() throws IOException {
        Path w = temp.resolve("w.npy");
        String line =
                run(args("svm", "--weights-out", w, "--out", temp.resolve("a"))).last();
        assertTrue(
                line.startsWith("result protocol=voc07-svm/mmselfsup/3-fold mAP=88.44 train=140 test=100 seconds="),
                line);
        assertEquals("F64[4, 81]", Npy.read(w).toString());
        byte[] weights = Files.readAllBytes(w);
        run(args("svm", "--weights-out", w, "--out", temp.resolve("b"))).last();
        assertEquals(ArrayData.ofBytes(weights), ArrayData.ofBytes(Files.readAllBytes(w)));
        for (String file : List.of("result.json", "items.safetensors")) {
            assertEquals(
                    -1,
                    Files.mismatch(
                            temp.resolve("a").resolve(file), temp.resolve("b").resolve(file)),
                    file);
        }
    }

    @Test
    void costsAndFoldsAreInTheProtocolsName() {
        assertTrue(run(args("svm", "--preset", "vissl", "--folds", "2"))
                .last()
                .startsWith("result protocol=voc07-svm/vissl/2-fold "));
        assertTrue(run(args("svm", "--costs", "1,0.1")).last().startsWith("result protocol=voc07-svm/own/3-fold "));
    }

    @Test
    void lowShotTakesPublishedDrawsAndDrawsOfItsOwn() {
        Result published = run(args(
                "lowshot", "--draws", FIXTURE + "draws", "--k", "1,8", "--samples", "3", "--out", temp.resolve("l")));
        assertTrue(
                published.last().startsWith("result protocol=voc07-lowshot/mmselfsup mAP_k1=65.79 mAP_k8=85.87 "),
                published.last());
        assertTrue(
                published.out().stream()
                        .anyMatch(l -> l.startsWith("draw " + FIXTURE + "draws/train_targets_sample3_k8.npy, sha256 ")),
                published.out().toString());
        String own = run(args("lowshot", "--k", "1", "--samples", "2", "--costs", "1", "--seed", "4"))
                .last();
        assertEquals(
                withoutTime(own),
                withoutTime(run(args("lowshot", "--k", "1", "--samples", "2", "--costs", "1", "--seed", "4"))
                        .last()));
    }

    private static String withoutTime(String line) {
        return line.replaceAll(" seconds=\\S+", "");
    }

    @Test
    void twoEncodersAreCompared() {
        float[] noise = new float[140 * 80];
        Philox draws = new Philox(1, 0, 0, 0);
        for (int i = 0; i < noise.length; i++) {
            noise[i] = draws.nextFloat();
        }
        Path other = temp.resolve("noise.npy");
        Npy.write(other, ArrayData.ofFloats(noise, 140, 80));
        run(args("svm", "--costs", "1", "--out", temp.resolve("a"))).last();
        run(
                        "svm",
                        "--features",
                        other,
                        "--labels",
                        FILES[3],
                        FILES[4],
                        FILES[5],
                        FILES[6],
                        FILES[7],
                        "--costs",
                        "1",
                        "--out",
                        temp.resolve("b"))
                .last();
        run(args("svm", "--out", temp.resolve("c"))).last();
        String line = run("compare", temp.resolve("a"), temp.resolve("b")).last();
        assertTrue(
                line.matches("result protocol=voc07-svm/own/3-fold metric=mAP difference=[1-9][0-9.]+ "
                        + "low=[1-9][0-9.]+ high=[0-9.]+ p=0\\.00\\d+"),
                line);
        assertTrue(run("compare", temp.resolve("a"), temp.resolve("a"))
                .last()
                .endsWith("difference=0.00 low=0.00 high=0.00 p=1.00"));
        refused(
                "the protocols differ, voc07-svm/own/3-fold and voc07-svm/mmselfsup/3-fold",
                "compare",
                temp.resolve("a"),
                temp.resolve("c"));
        refused("none", "compare", temp.resolve("a"), temp.resolve("none"));
    }

    /// Trainval and test of 60 and 40 small images, in which every class occurs; the colour tells the class a little.
    private Path miniatureVoc() throws IOException {
        Path folder = temp.resolve("VOCdevkit/VOC2007");
        Files.createDirectories(folder.resolve("ImageSets/Main"));
        Files.createDirectories(folder.resolve("JPEGImages"));
        Philox draws = new Philox(2, 0, 0, 0);
        for (int i = 0; i < 100; i++) {
            BufferedImage image = new BufferedImage(24 + i % 5, 20, BufferedImage.TYPE_INT_RGB);
            for (int y = 0; y < image.getHeight(); y++) {
                for (int x = 0; x < image.getWidth(); x++) {
                    image.setRGB(x, y, new Color(12 * (i % 20), x * (i % 7 + 1) * 9 % 256, draws.below(256)).getRGB());
                }
            }
            ImageIO.write(
                    image, "jpg", folder.resolve("JPEGImages/" + id(i) + ".jpg").toFile());
        }
        for (int c = 0; c < 20; c++) {
            for (String set : List.of("trainval", "test")) {
                StringBuilder lines = new StringBuilder();
                for (int i = set.equals("test") ? 60 : 0; i < (set.equals("test") ? 100 : 60); i++) {
                    lines.append(id(i))
                            .append(i % 20 == c ? "  1" : i % 19 == c ? "  0" : " -1")
                            .append('\n');
                }
                Files.writeString(folder.resolve("ImageSets/Main/" + Voc.CLASSES.get(c) + "_" + set + ".txt"), lines);
            }
        }
        return temp.resolve("VOCdevkit");
    }

    private static String id(int i) {
        return String.format(java.util.Locale.ROOT, "%06d", i + 1);
    }

    private Path encoder() {
        ResNet net = new ResNet(ResNet.Config.of(Arch.RESNET18).width(2));
        net.initialize(3);
        Path file = temp.resolve("encoder.safetensors");
        SafeTensors.write(file, StateDict.of(net), Map.of());
        return file;
    }

    /// From images to the result in one command, and the same in two: extract, then svm.
    @Test
    void aMiniatureVocRunsEndToEnd() throws IOException {
        Path voc = miniatureVoc();
        Path encoder = encoder();
        Object[] direct = {
            "svm",
            "--weights",
            encoder,
            "--arch",
            "resnet18",
            "--width",
            "2",
            "--tap",
            "feature5",
            "--data",
            voc,
            "--costs",
            "1,0.1",
            "--cache-dir",
            temp.resolve("cache"),
            "--out",
            temp.resolve("a")
        };
        Result first = run(direct);
        assertTrue(
                first.out().stream().anyMatch(l -> l.startsWith("aeroplane ")),
                first.out().toString());
        byte[] result = Files.readAllBytes(temp.resolve("a/result.json"));
        assertEquals(withoutTime(first.last()), withoutTime(run(direct).last()));
        assertEquals(ArrayData.ofBytes(result), ArrayData.ofBytes(Files.readAllBytes(temp.resolve("a/result.json"))));

        for (String split : List.of("train", "test")) {
            run(
                            "extract",
                            "--weights",
                            encoder,
                            "--tap",
                            "feature5",
                            "--data",
                            voc,
                            "--split",
                            split,
                            "--out",
                            temp.resolve(split + ".npy"))
                    .last();
            run(
                            "extract",
                            "--weights",
                            encoder,
                            "--tap",
                            "feature5,avgpool",
                            "--data",
                            voc,
                            "--split",
                            split,
                            "--out",
                            temp.resolve(split + ".safetensors"))
                    .last();
        }
        String map = first.last().replaceAll(" train=.*", "");
        assertTrue(run(
                        "svm",
                        "--features",
                        temp.resolve("train.npy"),
                        "--test-features",
                        temp.resolve("test.npy"),
                        "--costs",
                        "1,0.1")
                .last()
                .startsWith(map));
        assertTrue(run(
                        "svm",
                        "--features",
                        temp.resolve("train.safetensors"),
                        "--test-features",
                        temp.resolve("test.safetensors"),
                        "--tap",
                        "feature5",
                        "--costs",
                        "1,0.1")
                .last()
                .startsWith(map));

        String shots = run(
                        "lowshot",
                        "--weights",
                        encoder,
                        "--data",
                        voc,
                        "--k",
                        "1,2",
                        "--samples",
                        "2",
                        "--costs",
                        "1,0.1",
                        "--cache-dir",
                        temp.resolve("cache"))
                .last();
        assertTrue(
                shots.matches(
                        "result protocol=voc07-lowshot/own mAP_k1=\\S+ mAP_k2=\\S+ train=60 test=40 seconds=\\S+"),
                shots);

        refused(
                "low-shot: k = 4 needs 4 items in aeroplane and 76 outside it; there are 3 and",
                "lowshot",
                "--weights",
                encoder,
                "--data",
                voc,
                "--k",
                "4",
                "--cache-dir",
                temp.resolve("cache"));
        Path cat = temp.resolve("VOCdevkit/VOC2007/ImageSets/Main/cat_test.txt");
        String lines = Files.readString(cat);
        Files.writeString(cat, lines.replace("  1\n", " -1\n"));
        refused(
                "SVM: no test item is in cat",
                "svm",
                "--weights",
                encoder,
                "--data",
                voc,
                "--cache-dir",
                temp.resolve("cache"));
        Files.delete(cat);
        refused(
                "cat_test.txt: no such file",
                "svm",
                "--weights",
                encoder,
                "--data",
                voc,
                "--cache-dir",
                temp.resolve("cache"));
    }

    /// Other labelled images than VOC: one class each.
    @Test
    void theSampleWorksToo() {
        Path file = temp.resolve("cifar.safetensors");
        ResNet net = new ResNet(ResNet.Config.of(Arch.RESNET18).stem(Stem.CIFAR).width(2));
        net.initialize(3);
        SafeTensors.write(file, StateDict.of(net), Map.of());
        String line = run("svm", "--weights", file, "--data", "sample", "--costs", "1,10")
                .last();
        assertTrue(
                line.matches("result protocol=voc07-svm/own/3-fold mAP=\\S+ train=4000 test=1000 seconds=\\S+"), line);
    }

    @Test
    void mistakesAreOneLine() throws IOException {
        Path voc = temp.resolve("empty");
        Files.createDirectories(voc);
        refused("empty", "svm", "--untrained", "--data", voc);
        Path nan = temp.resolve("nan.npy");
        float[] values = new float[140 * 80];
        values[85] = Float.NaN;
        Npy.write(nan, ArrayData.ofFloats(values, 140, 80));
        refused(
                "nan.npy: row 1, column 5 is NaN",
                "svm",
                "--features",
                nan,
                FILES[2],
                FILES[3],
                FILES[4],
                FILES[5],
                FILES[6],
                FILES[7]);
        refused(
                "train-features.npy has 140 rows, ",
                "svm",
                FILES[0],
                FILES[1],
                "--labels",
                FILES[7],
                FILES[4],
                FILES[5],
                FILES[6],
                FILES[7]);
        Path labels = temp.resolve("labels.npy");
        int[] ids = new int[140];
        ids[3] = 7;
        Npy.write(labels, ArrayData.ofInts(ids));
        refused(
                "labels.npy: item 3 has class 7",
                "svm",
                FILES[0],
                FILES[1],
                FILES[2],
                FILES[3],
                FILES[4],
                FILES[1],
                "--test-labels",
                labels);
        Npy.write(labels, ArrayData.ofInts(new int[140 * 4], 140, 4));
        refused(
                "SVM: class 0: 3-fold cross-validation needs 2 folds or more and that many items in the "
                        + "class and outside it; 0 are in it",
                "svm",
                FILES[0],
                FILES[1],
                "--labels",
                labels,
                FILES[4],
                FILES[5],
                FILES[6],
                FILES[7]);
        refused("its labels are neither given nor in", "svm", FILES[0], FILES[1], FILES[4], FILES[5]);
        refused("low-shot: k = 96 needs 96 items in class 0 and 288 outside it", args("lowshot", "--k", "96"));
        refused(
                "train_targets_sample4_k1.npy: no such file",
                args("lowshot", "--draws", FIXTURE + "draws", "--k", "1"));
        assertEquals(2, run("svm").code());
        assertEquals(2, run("svm", "--untrained").code());
        assertEquals(2, run(args("svm", "--untrained")).code());
        assertEquals(2, run(args("svm", "--costs", "0")).code());
        assertEquals(2, run(args("svm", "--preset", "moco")).code());
        assertEquals(2, run(args("svm", "--folds", "1")).code());
        assertEquals(2, run(args("lowshot", "--k", "0")).code());
        assertEquals(2, run("compare", "one").code());
    }

    private static void refused(String why, Object... args) {
        Result r = run(args);
        assertEquals(1, r.code(), r.out() + "" + r.err());
        assertEquals(0, r.out().size(), r.out().toString());
        List<String> messages =
                r.err().stream().filter(l -> l.startsWith("jmoco: ")).toList();
        assertTrue(
                messages.size() == 1 && messages.getFirst().contains(why),
                r.err().toString());
    }
}
