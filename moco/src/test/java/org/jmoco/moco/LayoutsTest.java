package org.jmoco.moco;

import static org.jmoco.moco.Miniatures.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jmoco.eval.result.ResultFolder;
import org.jmoco.moco.Miniatures.Result;
import org.jmoco.nn.data.source.Voc;
import org.jmoco.tensor.io.Npy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every benchmark on miniatures of the data sets whose images are named by lists, from the folder alone: the
/// layout is known. (VOC2007 and the configurations of the model zoo have tests of their own.)
class LayoutsTest {
    private static final String CONFIGS = "../configs/benchmarks/";

    @TempDir
    private Path temp;

    @Test
    void imageNet() throws IOException {
        everyCommand(Miniatures.imageNet(temp.resolve("data")), 12, 6, 3);
    }

    @Test
    void places205() throws IOException {
        everyCommand(Miniatures.places(temp.resolve("data"), 0), 6, 6, 2);
    }

    @Test
    void iNaturalist2018() throws IOException {
        everyCommand(Miniatures.iNaturalist(temp.resolve("data"), 0), 6, 6, 2);
    }

    private void everyCommand(Path data, int train, int test, int classes) {
        for (String part : List.of("train", "test")) {
            Path features = temp.resolve(part + ".npy");
            Result extract = run(with(data, "extract", "--split", part, "--size", 64, "--out", features));
            assertEquals(
                    Integer.toString(part.equals("train") ? train : test),
                    extract.value("images"),
                    extract.err().toString());
            int[] labels = Npy.read(temp.resolve(part + ".labels.npy")).toIntArray();
            assertArrayEquals(new int[] {0, classes - 1}, new int[] {
                Arrays.stream(labels).min().orElseThrow(),
                Arrays.stream(labels).max().orElseThrow()
            });
        }
        for (int seed = 0; seed < 2; seed++) {
            succeed(run(with(data, "knn", "--k", "2,3", "--seed", seed, "--out", temp.resolve("knn" + seed))));
            succeed(run(with(data, "svm", "--costs", "1,0.1", "--seed", seed, "--out", temp.resolve("svm" + seed))));
        }
        assertEquals(
                classes,
                ResultFolder.read(temp.resolve("knn0"))
                        .confusion()
                        .orElseThrow()
                        .counts()
                        .size());
        succeed(run("compare", temp.resolve("knn0"), temp.resolve("knn1")));
        succeed(run("compare", temp.resolve("svm0"), temp.resolve("svm1")));
        succeed(run(with(data, "lowshot", "--k", "1", "--samples", 2, "--costs", "1")));

        String[] small = {
            "--set",
            "views={train: {preset: linear-train, size: 64}, test: {preset: linear-val, size: 64}}",
            "--set",
            "recipe.epochs=1",
            "--set",
            "recipe.milestones=[]",
            "--set",
            "encoder.stem=imagenet"
        };
        Result linear = run(with(
                data,
                "linear",
                "--config",
                CONFIGS + "resnet18_linear-b256-steplr-100e_cifar10.yaml",
                "--out",
                temp.resolve("linear"),
                small));
        assertEquals(
                Integer.toString(test), linear.value("images"), linear.err().toString());
        Result semi = run(with(
                data,
                "semi",
                "--config",
                CONFIGS + "resnet18_head_b64-steplr-20e_cifar10-10pct.yaml",
                "--set",
                "fraction=0.6",
                "--set",
                "grid={lr: [0.01], head: [1]}",
                "--out",
                temp.resolve("semi"),
                small));
        assertEquals(Integer.toString(test), semi.value("images"), semi.err().toString());
    }

    /// Images of VOC2007 show several classes: what needs one class an image says so.
    @Test
    void vocHasNoSingleClasses() throws IOException {
        Path voc = Miniatures.voc(temp.resolve("voc"));
        refused("has several classes; this needs images of one class each", with(voc, "knn"));
        refused(
                "has several classes; this needs images of one class each",
                with(
                        voc,
                        "linear",
                        "--config",
                        CONFIGS + "resnet18_linear-b256-steplr-100e_cifar10.yaml",
                        "--out",
                        temp.resolve("linear"),
                        "--set",
                        "encoder.stem=imagenet"));
        refused(
                "has several classes; this needs images of one class each",
                with(
                        voc,
                        "semi",
                        "--config",
                        CONFIGS + "resnet18_head_b64-steplr-20e_cifar10-10pct.yaml",
                        "--out",
                        temp.resolve("semi"),
                        "--set",
                        "encoder.stem=imagenet"));
        refused(
                "has several classes; this needs images of one class each",
                with(voc, "evaluate", "--suite", "cifar10", "--out", temp.resolve("suite")));
        refused("has no class; this needs labelled images", withoutClasses(voc));
        Files.move(voc.resolve("VOCdevkit/VOC2007/JPEGImages"), voc.resolve("VOCdevkit/VOC2007/Images"));
        refused("JPEGImages/000000.jpg (and 5 more files are missing)", with(voc, "svm"));
    }

    private static Object[] withoutClasses(Path voc) throws IOException {
        for (String name : Voc.CLASSES) {
            Files.delete(voc.resolve("VOCdevkit/VOC2007/ImageSets/Main/" + name + "_test.txt"));
            Files.delete(voc.resolve("VOCdevkit/VOC2007/ImageSets/Main/" + name + "_trainval.txt"));
        }
        return with(voc, "knn");
    }

    @Test
    void listsThatDoNotFitAreRefused() throws IOException {
        Path data = Miniatures.imageNet(temp.resolve("data"));
        Path list = data.resolve("meta/val.txt");
        Files.writeString(list, "ILSVRC2012_val_00000000.JPEG 3\n");
        refused("ILSVRC2012_val_00000000.JPEG: the label 3 is outside 0 … 2", with(data, "knn"));
        Files.writeString(list, "gone.JPEG 1\n");
        for (String command : List.of("knn", "svm", "lowshot")) {
            refused("val.txt:1: no such file: " + data.resolve("val/gone.JPEG"), with(data, command));
        }
        refused(
                "val.txt:1: no such file: " + data.resolve("val/gone.JPEG"),
                with(data, "extract", "--split", "test", "--out", temp.resolve("f.npy")));
        Files.writeString(list, "");
        refused("val.txt: ", with(data, "knn"));
        Files.delete(list);
        refused("val.txt: no such file", with(data, "knn"));
    }

    private static void refused(String why, Object... command) {
        Result r = run(command);
        assertEquals(1, r.code(), r.err().toString());
        List<String> messages =
                r.err().stream().filter(l -> l.startsWith("jmoco: ")).toList();
        assertTrue(
                messages.size() == 1
                        && messages.getFirst().contains(why)
                        && messages.getFirst().equals(r.err().getLast()),
                r.err().toString());
    }

    private static Object[] with(Path data, Object... command) {
        Stream<Object> words = Stream.of(command)
                .flatMap(word -> word instanceof String[] several ? Stream.of(several) : Stream.of(word));
        return Stream.concat(words, Stream.of("--data", data, "--untrained", "--arch", "resnet18", "--width", 1))
                .toArray();
    }

    private static void succeed(Result result) {
        assertEquals(0, result.code(), result.err().toString());
        assertTrue(
                result.out().getLast().startsWith("result protocol="),
                result.out().toString());
    }
}
