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
import org.jmoco.eval.result.Confusion;
import org.jmoco.eval.result.ResultFolder;
import org.jmoco.moco.Miniatures.Result;
import org.jmoco.moco.config.Binder;
import org.jmoco.moco.config.ConfigTree;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.moco.pretrain.RunData;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.tensor.io.Npy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every command that compares training and test images goes by the names of their classes, whatever else lies in
/// the folders: the first class has no test image, and a notebook and an archive have left pictures among the
/// training images.
class ClassesByNameTest {
    private static final String CONFIGS = "../configs/benchmarks/";
    private static final List<String> CLASSES = List.of("apple", "banana", "cherry");
    private static final int TRAIN = 6;
    private static final int TEST = 3;

    @TempDir
    private Path temp;

    private Path data;

    @BeforeEach
    void pictures() throws IOException {
        data = temp.resolve("data");
        for (int c = 0; c < CLASSES.size(); c++) {
            for (int i = 0; i < TRAIN; i++) {
                Miniatures.image(data.resolve("train/" + CLASSES.get(c) + "/" + i + ".png"), c, i);
            }
            for (int i = 0; c > 0 && i < TEST; i++) {
                Miniatures.image(data.resolve("Valid/" + CLASSES.get(c) + "/" + i + ".png"), c, i);
            }
        }
        Miniatures.image(data.resolve("train/.ipynb_checkpoints/1.png"), 0, 1);
        Miniatures.image(data.resolve("train/__MACOSX/apple/1.png"), 1, 1);
        Miniatures.image(data.resolve("Valid/.ipynb_checkpoints/1.png"), 0, 1);
        Miniatures.image(data.resolve("train/banana/._1.png"), 0, 1);
    }

    @Test
    void knn() {
        Result r = succeed("knn", "--k", "1", "--out", out());
        assertEquals("100.00", r.value("knn"), r.out().toString());
        assertConfusion();
        assertTrue(
                r.err()
                        .contains("warning: 3 images are hidden, or lie in hidden folders and are left out, the first: "
                                + data.resolve("train/.ipynb_checkpoints/1.png")),
                r.err().toString());
    }

    @Test
    void aListOfKnnIsOneOfTheTrainingImages() throws IOException {
        Path list = Files.writeString(temp.resolve("few.txt"), "apple/1.png 0\nbanana/2.png 1\ncherry/3.png 2\n");
        Result both = run(with("knn", "--k", "1", "--list", list));
        assertEquals(1, both.code());
        assertTrue(
                both.err().getLast().contains("no such file: " + data.resolve("apple/1.png")),
                both.err().toString());
        // The numbers of a list are names of its own, which its folders tell.
        StringBuilder reversed = new StringBuilder();
        for (int c = 0; c < CLASSES.size(); c++) {
            for (int i = 0; i < TEST; i++) {
                reversed.append("train/" + CLASSES.get(c) + "/" + i + ".png " + (2 - c) + "\n");
            }
        }
        Files.writeString(list, reversed);
        assertEquals("100.00", succeed("knn", "--k", "1", "--list", list).value("knn"), "against those of Valid");
        Path tests = Files.writeString(temp.resolve("tests.txt"), "Valid/banana/1.png 1\nValid/cherry/0.png 0\n");
        assertEquals(
                "100.00",
                succeed("knn", "--k", "1", "--list", list, "--test-list", tests).value("knn"));
        Files.writeString(tests, "Valid/banana/1.png 1\nValid/cherry/0.png 2\n");
        Result r = run(with("knn", "--k", "1", "--list", list, "--test-list", tests));
        assertEquals(1, r.code());
        assertTrue(
                r.err()
                        .getLast()
                        .endsWith("Valid/cherry/0.png: is listed as class 2, but the folder 'cherry' is "
                                + "class 0 of the training images"),
                r.err().toString());
        Files.writeString(tests, "Valid/banana/1.png 2\nValid/cherry/0.png 1\n");
        Result onlyTests = run(with("knn", "--k", "1", "--test-list", tests));
        assertTrue(
                onlyTests
                        .err()
                        .getLast()
                        .endsWith("Valid/banana/1.png: is listed as class 2, but the folder 'banana' "
                                + "is class 1 of the training images"),
                onlyTests.err().toString());
    }

    @Test
    void svm() throws IOException {
        for (String command : List.of("svm", "lowshot")) {
            Result r = run(with(command, "--costs", "1"));
            assertEquals(1, r.code(), r.out().toString());
            assertTrue(r.err().getLast().contains("apple"), r.err().toString());
        }
        Miniatures.image(data.resolve("Valid/apple/1.png"), 0, 30);
        String precision = succeed("svm", "--costs", "1").value("mAP");
        for (String hidden : List.of("train/.ipynb_checkpoints", "train/__MACOSX/apple", "Valid/.ipynb_checkpoints")) {
            Files.delete(data.resolve(hidden + "/1.png"));
        }
        assertEquals(precision, succeed("svm", "--costs", "1").value("mAP"));
        assertTrue(Double.parseDouble(precision) > 50, precision);
    }

    /// Where the first images are all of one class.
    @Test
    void aLimitTakesImagesOfEveryClass() throws IOException {
        Miniatures.image(data.resolve("Valid/apple/1.png"), 0, 30);
        succeed("extract", "--limit", "4", "--out", temp.resolve("f.npy"));
        assertArrayEquals(
                new int[] {0, 0, 1, 2},
                sorted(Npy.read(temp.resolve("f.labels.npy")).toIntArray()));
        succeed("knn", "--limit", "3", "--k", "1", "--out", out());
        assertEquals(List.of(1, 1, 1), testImages(out()));
        succeed(linearCommand(), "--set", "data.limit=3", "--out", temp.resolve("linear"));
        assertEquals(List.of(1, 1, 1), testImages(temp.resolve("linear")));
    }

    private static int[] sorted(int[] labels) {
        return Arrays.stream(labels).sorted().toArray();
    }

    @Test
    void linear() {
        succeed(linearCommand(), "--out", out());
        assertConfusion();
    }

    @Test
    void semi() {
        succeed(semiCommand(), "--out", out());
        assertConfusion();
    }

    private static Object[] linearCommand() {
        return new Object[] {"linear", "--config", CONFIGS + "resnet18_linear-b256-steplr-100e_cifar10.yaml", tiny()};
    }

    private static Object[] semiCommand() {
        return new Object[] {
            "semi",
            "--config",
            CONFIGS + "resnet18_head_b64-steplr-20e_cifar10-10pct.yaml",
            "--set",
            "fraction=0.6",
            "--set",
            "grid={lr: [0.01], head: [1]}",
            tiny()
        };
    }

    @Test
    void theMonitor() {
        MocoConfig config =
                Binder.bind(ConfigTree.parse("""
                        data: {path: PATH}
                        views: {transforms: [RandomResizedCrop: {size: 16}],
                          normalize: {mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25]}}
                        contrast: {queue: 4}
                        batch: 4
                        knn: {every: 1}
                        """.replace("PATH", data.toString()), "monitor"), MocoConfig.defaults());
        RunData.Labelled seen = RunData.open(config).labelled().orElseThrow();
        for (ImageSource part : List.of(seen.bank(), seen.queries())) {
            assertEquals(CLASSES, part.classes());
            for (int i = 0; i < part.size(); i++) {
                assertTrue(part.name(i).contains("/" + CLASSES.get(part.label(i)) + "/"), part.name(i));
            }
        }
        assertEquals(
                List.of(3 * TRAIN, 2 * TEST),
                List.of(seen.bank().size(), seen.queries().size()));
    }

    @Test
    void aClassThatIsNotTrainedOnIsRefusedByItsNameEverywhere() throws IOException {
        Miniatures.image(data.resolve("Valid/durian/1.png"), 0, 1);
        String why = "no training image has the class 'durian' (1 image here); "
                + "the training images have 3 classes: apple, banana, cherry";
        refusedEverywhere(why);
    }

    @Test
    void oneClassAloneIsRefusedEverywhere() throws IOException {
        for (String name : List.of("apple", "cherry")) {
            try (Stream<Path> files = Files.list(data.resolve("train").resolve(name))) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(data.resolve("train").resolve(name));
        }
        try (Stream<Path> files = Files.walk(data.resolve("Valid/cherry"))) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        refusedEverywhere("all 6 training images have the class 'banana'; there is nothing to tell apart");
    }

    private void refusedEverywhere(String why) {
        Object[][] commands = {
            {"knn"},
            {"svm", "--costs", "1"},
            {"lowshot", "--costs", "1"},
            {linearCommand(), "--out", out()},
            {semiCommand(), "--out", out()},
            {"evaluate", "--suite", "cifar10", "--out", out()}
        };
        for (Object[] command : commands) {
            Result r = run(with(command));
            String name = with(command)[0].toString();
            assertEquals(1, r.code(), name + ": " + r.err());
            assertTrue(r.err().getLast().endsWith(why), name + ": " + r.err());
            assertTrue(Files.notExists(out()), name + " leaves nothing");
        }
    }

    private Path out() {
        return temp.resolve("out");
    }

    /// All three classes, of which the first has no test image.
    private void assertConfusion() {
        Confusion confusion = ResultFolder.read(out()).confusion().orElseThrow();
        assertEquals(CLASSES, confusion.classes());
        assertEquals(List.of(0, TEST, TEST), testImages(out()));
    }

    /// How many test images of each class there were.
    private static List<Integer> testImages(Path result) {
        return ResultFolder.read(result).confusion().orElseThrow().counts().stream()
                .map(row -> row.stream().mapToInt(Integer::intValue).sum())
                .toList();
    }

    private static String[] tiny() {
        return new String[] {
            "--set",
            "views={train: {preset: linear-train, size: 32}, test: {preset: linear-val, size: 32}}",
            "--set",
            "recipe.epochs=1",
            "--set",
            "recipe.milestones=[]",
            "--set",
            "encoder.stem=imagenet"
        };
    }

    private Object[] with(Object... command) {
        return Stream.concat(
                        words(command), Stream.of("--data", data, "--untrained", "--arch", "resnet18", "--width", 1))
                .toArray();
    }

    private static Stream<Object> words(Object... command) {
        return Stream.of(command).flatMap(word -> word instanceof Object[] several ? words(several) : Stream.of(word));
    }

    private Result succeed(Object... command) {
        Result result = run(with(command));
        assertEquals(0, result.code(), result.err().toString());
        return result;
    }
}
