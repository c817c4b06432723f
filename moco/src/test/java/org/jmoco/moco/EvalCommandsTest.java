package org.jmoco.moco;

import static org.jmoco.moco.Miniatures.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jmoco.eval.detect.DetectConfig;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.linear.LinearConfig;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.ResultFolder;
import org.jmoco.eval.segment.SegmentConfig;
import org.jmoco.eval.semi.SemiConfig;
import org.jmoco.moco.Miniatures.Result;
import org.jmoco.moco.config.Binder;
import org.jmoco.moco.config.ConfigText;
import org.jmoco.moco.config.ConfigTree;
import org.jmoco.nn.Arch;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.StateDict;
import org.jmoco.nn.Stem;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.Npy;
import org.jmoco.tensor.io.SafeTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `jmoco extract`, `linear` and `semi` as a user runs them, on miniatures of the published data sets. What they
/// compute is tested with the library.
class EvalCommandsTest {
    private static final String CONFIGS = "../configs/benchmarks/";
    private static final List<String> THIN = List.of("--untrained", "--arch", "resnet50", "--width", "1");

    @TempDir
    private Path temp;

    @Test
    void everyBenchmarkConfigIsRead() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(CONFIGS))) {
            for (Path file : files.toList()) {
                ConfigTree.Mapping tree = ConfigTree.read(file);
                Record defaults = tree.entries().containsKey("grid")
                        ? SemiConfig.defaults()
                        : tree.entries().containsKey("flavour")
                                ? DetectConfig.defaults()
                                : tree.entries().containsKey("model")
                                        ? SegmentConfig.defaults()
                                        : LinearConfig.defaults();
                Record config = Binder.bind(tree, defaults);
                String text = ConfigText.of(config);
                assertTrue(
                        text.startsWith("name: " + file.getFileName().toString().replace(".yaml", "") + "\n"),
                        file.toString());
                Record again = Binder.bind(ConfigTree.parse(text, "again"), defaults);
                assertEquals(config, again);
            }
        }
    }

    @Test
    void aMistakeInAConfigIsNamedWithItsLine() throws IOException {
        Path file = Files.writeString(temp.resolve("a.yaml"), "name: a\nviews:\n  train: linear-trian\n");
        assertRefused(linear(file.toString(), "sample"), "a.yaml, line 3: views.train: unknown preset 'linear-trian'");
        Files.writeString(file, "name: a\nrecipe:\n  gamma: 0\n");
        assertRefused(linear(file.toString(), "sample"), "a.yaml, line 3: gamma must be above 0, got 0.0");
        Files.writeString(file, "name: a\nrecipe:\n  epoch: 3\n");
        assertRefused(
                linear(file.toString(), "sample"),
                "a.yaml, line 3: unknown key recipe.epoch; known here: batch, ranks, lr, ");
    }

    // ---- linear ----

    @Test
    void fiveHeadsOnAListOfImageNet() throws IOException {
        assertLinear(
                CONFIGS + "resnet50_mhead_linear-8xb32-steplr-90e_in1k.yaml",
                Miniatures.imageNet(temp.resolve("imagenet")),
                5,
                6);
    }

    @Test
    void theAvgPoolHeadOnAListOfImageNet() throws IOException {
        assertLinear(
                CONFIGS + "resnet50_linear-8xb32-steplr-100e_in1k.yaml",
                Miniatures.imageNet(temp.resolve("imagenet")),
                1,
                6);
    }

    @Test
    void fiveHeadsOnPlaces205() throws IOException {
        assertLinear(
                CONFIGS + "resnet50_mhead_8xb32-steplr-28e_places205.yaml",
                Miniatures.places(temp.resolve("places")),
                5,
                6);
    }

    @Test
    void fiveHeadsOnINaturalist() throws IOException {
        assertLinear(
                CONFIGS + "resnet50_mhead_8xb32-steplr-84e_inat18.yaml",
                Miniatures.iNaturalist(temp.resolve("inat")),
                5,
                6);
    }

    private void assertLinear(String config, Path data, int heads, int images) throws IOException {
        Result r = linear(config, data);
        assertEquals(0, r.code(), r.err().toString());
        assertEquals(Integer.toString(images), r.value("images"));
        assertTrue(
                r.value("protocol").startsWith("linear/resnet50_")
                        && r.value("protocol").contains("recipe.epochs=1"),
                r.out().getLast());
        EvaluationResult result = ResultFolder.read(temp.resolve("out"));
        assertEquals(2 * heads, result.metrics().size());
        assertEquals(
                result.metrics().getFirst().value(),
                Double.parseDouble(r.value(heads == 1 ? "top1" : "top1_feature1")),
                0.005);
        assertTrue(result.published().isEmpty(), "these are not the published images");
        Map<String, ArrayData> weights =
                SafeTensors.read(temp.resolve("out/heads.safetensors")).arrays();
        assertEquals(heads == 1, weights.containsKey("fc.weight"));
        assertEquals(heads == 5, weights.containsKey("head.norms.4.running_var"));
        String metrics = Files.readString(temp.resolve("out/metrics.jsonl"));
        String first = heads == 1 ? "avgpool" : "feature1";
        assertTrue(metrics.startsWith("{\"step\":1,\"loss." + first + "\":"), metrics);
        assertTrue(metrics.contains("\"epoch\":1,\"epochLoss." + first + "\":"), metrics);
        assertTrue(metrics.contains("\"top1." + first + "\":"), metrics);
    }

    private Result linear(String config, Object data, String... more) {
        List<Object> args = new ArrayList<>(List.of(
                "linear",
                "--config",
                config,
                "--data",
                data,
                "--out",
                temp.resolve("out"),
                "--set",
                "recipe.epochs=1",
                "--set",
                "recipe.batch=4",
                "--set",
                "recipe.milestones=[]"));
        args.addAll(THIN);
        args.addAll(List.of(more));
        return run(args.toArray());
    }

    /// Two runs, and one that was cut short and resumed: the same bytes.
    @Test
    void aLinearRunIsTheSameAgain() throws IOException {
        Path data = Miniatures.imageNet(temp.resolve("imagenet"));
        Files.createDirectories(temp.resolve("a"));
        for (String out : List.of("a/out", "b/out")) {
            Result r = run(
                    "linear",
                    "--config",
                    CONFIGS + "resnet50_linear-8xb32-steplr-100e_in1k.yaml",
                    "--data",
                    data,
                    "--out",
                    temp.resolve(out),
                    "--set",
                    "recipe.epochs=3",
                    "--set",
                    "recipe.batch=5",
                    "--set",
                    "recipe.milestones=[2]",
                    "--deterministic",
                    "--untrained",
                    "--arch",
                    "resnet18",
                    "--width",
                    "1",
                    "--set",
                    "encoder.arch=resnet18");
            assertEquals(0, r.code(), r.err().toString());
        }
        for (String file :
                List.of(ResultFolder.RESULT, ResultFolder.ITEMS, "heads.safetensors", "config.yaml", "identity.json")) {
            assertEquals(
                    -1,
                    Files.mismatch(
                            temp.resolve("a/out").resolve(file),
                            temp.resolve("b/out").resolve(file)),
                    file);
        }
        Result there = run(
                "linear",
                "--config",
                CONFIGS + "resnet50_linear-8xb32-steplr-100e_in1k.yaml",
                "--data",
                data,
                "--out",
                temp.resolve("a/out"),
                "--untrained",
                "--width",
                "1");
        assertRefused(there, "already holds a run");
        Result other = run(
                "linear",
                "--config",
                CONFIGS + "resnet50_linear-8xb32-steplr-100e_in1k.yaml",
                "--data",
                data,
                "--out",
                temp.resolve("a/out"),
                "--untrained",
                "--width",
                "1",
                "--resume");
        assertRefused(other, "is of another run: encoder.arch was resnet18 and is resnet50");
    }

    @Test
    void headsOfACheckpointClassifyWithoutTraining() throws IOException {
        Path data = Miniatures.imageNet(temp.resolve("imagenet"));
        Result trained = linear(CONFIGS + "resnet50_linear-8xb32-steplr-100e_in1k.yaml", data);
        Path heads = temp.resolve("out/heads.safetensors");
        Result given = run(
                "linear",
                "--config",
                CONFIGS + "resnet50_linear-8xb32-steplr-100e_in1k.yaml",
                "--data",
                data,
                "--out",
                temp.resolve("given"),
                "--untrained",
                "--width",
                "1",
                "--heads",
                heads);
        assertEquals(0, given.code(), given.err().toString());
        assertEquals(trained.value("top1"), given.value("top1"));
        assertEquals("0.0", given.value("seconds"));
        Result wrong = run(
                "linear",
                "--config",
                CONFIGS + "resnet50_mhead_linear-8xb32-steplr-90e_in1k.yaml",
                "--data",
                data,
                "--out",
                temp.resolve("wrong"),
                "--untrained",
                "--width",
                "1",
                "--heads",
                heads);
        assertRefused(wrong, "has no head.fcs.0.weight; classifiers there: fc.");

        Map<String, ArrayData> integers =
                new LinkedHashMap<>(SafeTensors.read(heads).arrays());
        integers.replaceAll((name, a) -> ArrayData.ofInts(new int[(int) a.count()], a.shape()));
        Path file = temp.resolve("integers.safetensors");
        SafeTensors.write(file, integers, Map.of());
        Result counted = run(
                "linear",
                "--config",
                CONFIGS + "resnet50_linear-8xb32-steplr-100e_in1k.yaml",
                "--data",
                data,
                "--out",
                temp.resolve("integers"),
                "--untrained",
                "--width",
                "1",
                "--heads",
                file);
        assertRefused(counted, "weights are floating-point numbers");
    }

    // ---- semi ----

    @Test
    void fineTuningOnSimClrsListOfImageNet() throws IOException {
        Path data = Miniatures.imageNet(temp.resolve("imagenet"));
        Result r = run(
                "semi",
                "--config",
                CONFIGS + "resnet50_head_4xb64-steplr-20e_in1k-1pct.yaml",
                "--data",
                data,
                "--out",
                temp.resolve("out"),
                "--untrained",
                "--width",
                "1",
                "--set",
                "recipe.epochs=1",
                "--set",
                "recipe.milestones=[]",
                "--set",
                "grid.lr=[0.01]",
                "--set",
                "grid.head=[1, 100]",
                "--set",
                "views.train={preset: linear-train, size: 64}",
                "--set",
                "views.test={preset: linear-val, size: 64}",
                "--deterministic");
        assertEquals(0, r.code(), r.err().toString());
        assertTrue(
                r.err().stream().anyMatch(l -> l.startsWith("6 labelled images, 6 test images")),
                r.err().toString());
        assertEquals("2", r.value("cells"));
        assertTrue(r.value("best").startsWith("resnet50_head1"), r.out().getLast());
        assertTrue(Files.exists(temp.resolve("out/cells/resnet50_head100_4xb64-steplr1e-2-20e_in1k-1pct.safetensors")));
        byte[] result = Files.readAllBytes(temp.resolve("out/result.json"));
        Result again = run(
                "semi",
                "--config",
                CONFIGS + "resnet50_head_4xb64-steplr-20e_in1k-1pct.yaml",
                "--data",
                data,
                "--out",
                temp.resolve("again"),
                "--untrained",
                "--width",
                "1",
                "--set",
                "recipe.epochs=1",
                "--set",
                "recipe.milestones=[]",
                "--set",
                "grid.lr=[0.01]",
                "--set",
                "grid.head=[1, 100]",
                "--set",
                "views.train={preset: linear-train, size: 64}",
                "--set",
                "views.test={preset: linear-val, size: 64}",
                "--deterministic");
        assertEquals(0, again.code(), again.err().toString());
        assertArrayEquals(result, Files.readAllBytes(temp.resolve("again/result.json")));
    }

    // ---- extract ----

    @Test
    void featuresOfVocCarryTwentyLabels() throws IOException {
        Path data = Miniatures.voc(temp.resolve("voc"));
        Path out = temp.resolve("f.npy");
        Result r = run(
                "extract",
                "--untrained",
                "--width",
                "1",
                "--tap",
                "feature5",
                "--data",
                data,
                "--split",
                "test",
                "--out",
                out);
        assertEquals(0, r.code(), r.err().toString());
        assertEquals(List.of("6", "128", "0"), List.of(r.value("images"), r.value("dim"), r.value("unreadable")));
        assertArrayEquals(new long[] {6, 128}, Npy.read(out).shape());
        ArrayData labels = Npy.read(temp.resolve("f.labels.npy"));
        assertArrayEquals(new long[] {6, 20}, labels.shape());
        assertEquals(
                List.of(0L, 0L, 1L, -1L, 0L),
                Stream.of(0, 1, 2, 3, 4).map(c -> labels.longAt(2 * 20 + c)).toList());
        assertEquals(
                List.of("000010", "000011", "000012", "000013", "000014", "000015"),
                Files.readAllLines(temp.resolve("f.ids.txt")));
        assertFalse(Files.exists(temp.resolve("f.npy.partial")));
    }

    @Test
    void featuresOfAListStandInOneFileWithLabelsAndNames() throws IOException {
        Path data = Miniatures.imageNet(temp.resolve("imagenet"));
        Path out = temp.resolve("f.safetensors");
        Result r = run(
                "extract",
                "--untrained",
                "--arch",
                "resnet18",
                "--width",
                "2",
                "--tap",
                "avgpool,feature4",
                "--pool",
                "adaptive",
                "--data",
                data.resolve("val"),
                "--list",
                data.resolve("meta/val.txt"),
                "--size",
                "64",
                "--out",
                out);
        assertEquals(0, r.code(), r.err().toString());
        Map<String, ArrayData> arrays = SafeTensors.read(out).arrays();
        assertEquals(
                List.of("avgpool", "feature4", "ids", "indices", "labels"),
                arrays.keySet().stream().sorted().toList());
        assertArrayEquals(new long[] {6, 72}, arrays.get("feature4").shape());
        assertArrayEquals(new int[] {0, 1, 2, 0, 1, 2}, arrays.get("labels").toIntArray());
        assertEquals(
                "ILSVRC2012_val_00000000.JPEG",
                text(arrays.get("ids")).lines().findFirst().orElseThrow());
    }

    private static String text(ArrayData bytes) {
        byte[] all = new byte[(int) bytes.count()];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) bytes.longAt(i);
        }
        return new String(all, StandardCharsets.UTF_8);
    }

    @Test
    void featuresOfFoldersAndTheSampleAndIdx() throws IOException {
        Path data = Miniatures.imageNet(temp.resolve("imagenet"));
        Path out = temp.resolve("f.npy");
        assertEquals(
                "12",
                run(
                                "extract",
                                "--untrained",
                                "--arch",
                                "resnet18",
                                "--width",
                                "1",
                                "--data",
                                data.resolve("train"),
                                "--size",
                                "32",
                                "--out",
                                out)
                        .value("images"));
        assertArrayEquals(
                new int[] {0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2},
                Npy.read(temp.resolve("f.labels.npy")).toIntArray());
        Result sample = run(
                "extract",
                "--untrained",
                "--arch",
                "resnet18",
                "--stem",
                "cifar",
                "--width",
                "1",
                "--data",
                "sample",
                "--limit",
                "5",
                "--out",
                out);
        assertEquals("5", sample.value("images"), sample.err().toString());
        Miniatures.idx(temp.resolve("idx"), 3);
        Result idx = run(
                "extract",
                "--untrained",
                "--arch",
                "resnet18",
                "--stem",
                "cifar",
                "--width",
                "1",
                "--data",
                temp.resolve("idx"),
                "--split",
                "test",
                "--out",
                out);
        assertEquals("3", idx.value("images"), idx.err().toString());
        assertArrayEquals(
                new int[] {0, 1, 2}, Npy.read(temp.resolve("f.labels.npy")).toIntArray());
    }

    // ---- evaluate ----

    private List<Object> suite(Path data, Object... more) {
        List<Object> args = new ArrayList<>(List.of(
                "evaluate",
                "--suite",
                "cifar10",
                "--data",
                data,
                "--set",
                "svm.shots=[1]",
                "--set",
                "multi-head.epochs=2",
                "--set",
                "multi-head.milestones=[]",
                "--set",
                "avgpool.epochs=2",
                "--set",
                "avgpool.milestones=[]",
                "--set",
                "one-percent.recipe.epochs=1",
                "--set",
                "one-percent.recipe.milestones=[]",
                "--set",
                "ten-percent.recipe.epochs=1",
                "--set",
                "ten-percent.recipe.milestones=[]",
                "--set",
                "one-percent.grid={lr: [0.01], head: [1]}",
                "--set",
                "ten-percent.grid={lr: [0.01], head: [1]}"));
        args.addAll(List.of(more));
        return args;
    }

    @Test
    void theSuiteRunsFromAnEncoderToOneTable() throws IOException {
        Path data = Miniatures.idx(temp.resolve("idx"), 40);
        List<Object> args = suite(
                data,
                "--untrained",
                "--arch",
                "resnet18",
                "--stem",
                "cifar",
                "--width",
                1,
                "--seeds",
                1,
                "--out",
                temp.resolve("out"));
        Result r = run(args.toArray());
        assertEquals(0, r.code(), r.err().toString());
        assertEquals(
                11,
                r.out().stream().filter(l -> l.matches("\\|.*\\d ± \\d.*")).count(),
                r.out().toString());
        assertEquals(
                r.value("linear_top_1_feature3"),
                r.value("linear_top_1_feature3_untrained"),
                "the same encoder stands on both sides");
        assertTrue(
                r.value("protocol").startsWith("suite/cifar10 [seeds=1; svm.shots=[1]; "),
                r.out().getLast());
        assertRefused(run(args.toArray()), "already holds a run");
        args.add("--resume");
        Result again = run(args.toArray());
        assertEquals(r.value("SVM_mAP"), again.value("SVM_mAP"), again.err().toString());
    }

    @Test
    void theSuiteTakesAnEncoderForEachSeed() throws IOException {
        Path data = Miniatures.idx(temp.resolve("idx"), 40);
        List<Path> files = new ArrayList<>();
        for (int seed = 5; seed < 7; seed++) {
            files.add(temp.resolve(seed + ".safetensors"));
            SafeTensors.write(
                    files.getLast(),
                    StateDict.of(Encoder.untrained(
                                    ResNet.Config.of(Arch.RESNET18)
                                            .stem(Stem.CIFAR)
                                            .width(1),
                                    seed)
                            .net()),
                    Map.of());
        }
        Result r = run(suite(data, "--weights", files.getFirst(), files.getLast(), "--out", temp.resolve("out"))
                .toArray());
        assertTrue(
                r.out().getLast().contains(" seeds=2 total_seconds="), r.err().toString());
        assertTrue(
                r.out().contains("mean ± population standard deviation of 2 encoders of different seeds"),
                r.out().toString());
        EvaluationResult result = ResultFolder.read(temp.resolve("out"));
        assertEquals(
                List.of("training images", "test images", "checkpoint", "checkpoint"),
                result.provenance().inputs().stream().map(i -> i.role()).toList());
        assertTrue(result.metric("linear top-1 feature1").spread().isPresent());

        assertEquals(
                2,
                run(suite(
                                        data,
                                        "--weights",
                                        files.getFirst(),
                                        files.getLast(),
                                        "--seeds",
                                        3,
                                        "--out",
                                        temp.resolve("other"))
                                .toArray())
                        .code());
        Path wide = temp.resolve("wide.safetensors");
        SafeTensors.write(
                wide,
                StateDict.of(Encoder.untrained(
                                ResNet.Config.of(Arch.RESNET18).stem(Stem.CIFAR).width(2), 1)
                        .net()),
                Map.of());
        assertRefused(
                run(suite(data, "--weights", files.getFirst(), wide, "--out", temp.resolve("other"))
                        .toArray()),
                "width 2), " + files.getFirst() + " a ResNet-18 (CIFAR stem, width 1); several --weights must");
    }

    // ---- bad input ----

    @Test
    void badInputIsOneLine() throws IOException {
        Path data = Miniatures.imageNet(temp.resolve("imagenet"));
        String config = CONFIGS + "resnet50_linear-8xb32-steplr-100e_in1k.yaml";
        Files.writeString(data.resolve("meta/val.txt"), "ILSVRC2012_val_00000000.JPEG 1000\n");
        assertRefused(linear(config, data), "ILSVRC2012_val_00000000.JPEG: the label 1000 is outside 0 … 999");
        Files.writeString(data.resolve("meta/val.txt"), "none.JPEG 1\nILSVRC2012_val_00000000.JPEG 1\nnone2.JPEG 1\n");
        assertRefused(
                linear(config, data),
                "val.txt:1: no such file: " + data.resolve("val/none.JPEG") + " (and 1 more files are missing)");
        Files.writeString(data.resolve("meta/val.txt"), "ILSVRC2012_val_00000000.JPEG one\n");
        assertRefused(linear(config, data), "val.txt:1: ");
        assertRefused(linear(config, temp.resolve("nowhere")), "nowhere");
        assertRefused(linear(config, Miniatures.voc(temp.resolve("voc"))), "train.txt: no such file");
        assertRefused(
                run(
                        "extract",
                        "--untrained",
                        "--width",
                        "1",
                        "--data",
                        Files.createDirectories(temp.resolve("empty")),
                        "--out",
                        temp.resolve("f.npy")),
                "empty: holds no data set");
        assertRefused(
                run(
                        "extract",
                        "--weights",
                        data.resolve("meta/train.txt"),
                        "--data",
                        "sample",
                        "--out",
                        temp.resolve("f.npy")),
                "train.txt: neither safetensors nor");
        assertFalse(Files.exists(temp.resolve("out/result.json")));
    }

    @Test
    void weightsThatGiveNoNumbersAreRefusedWithTheImage() {
        Encoder broken = Encoder.untrained(
                ResNet.Config.of(Arch.RESNET18).stem(Stem.CIFAR).width(2), 1);
        Variable scale = broken.net().named().get("layer3.0.bn1.weight");
        scale.set(new float[] {Float.NaN, 1, 1, 1, 1, 1, 1, 1});
        SafeTensors.write(temp.resolve("nan.safetensors"), StateDict.of(broken.net()), Map.of());
        assertRefused(
                run(
                        "extract",
                        "--weights",
                        temp.resolve("nan.safetensors"),
                        "--data",
                        "sample",
                        "--out",
                        temp.resolve("f.npy")),
                "sample train[0]: feature 0 of tap avgpool is NaN");
        assertFalse(Files.exists(temp.resolve("f.npy")));
        String config = CONFIGS + "resnet18_linear-b256-steplr-100e_cifar10.yaml";
        assertRefused(
                run(
                        "linear",
                        "--config",
                        config,
                        "--weights",
                        temp.resolve("nan.safetensors"),
                        "--data",
                        "sample",
                        "--out",
                        temp.resolve("out")),
                "is NaN");
        assertRefused(
                run(
                        "linear",
                        "--config",
                        config,
                        "--weights",
                        temp.resolve("nan.safetensors"),
                        "--arch",
                        "resnet50",
                        "--data",
                        "sample",
                        "--out",
                        temp.resolve("out2")),
                "is a ResNet-18 (CIFAR stem, width 2, no head), wanted is a ResNet-50");
    }

    @Test
    void mistakesOnTheCommandLineHaveTheirOwnExitCode() {
        assertEquals(
                2,
                run("extract", "--data", "sample", "--out", temp.resolve("f.npy"))
                        .code(),
                "no weights");
        assertEquals(
                2,
                run("extract", "--untrained", "--data", "sample", "--out", temp.resolve("f.txt"))
                        .code());
        assertEquals(
                2,
                run("extract", "--untrained", "--data", "sample", "--tap", "feature6", "--out", temp.resolve("f.npy"))
                        .code());
        assertEquals(
                2,
                run(
                                "extract",
                                "--untrained",
                                "--data",
                                "sample",
                                "--tap",
                                "feature1,feature2",
                                "--out",
                                temp.resolve("f.npy"))
                        .code());
        assertEquals(
                2,
                run("extract", "--untrained", "--arch", "resnet7", "--data", "sample", "--out", temp.resolve("f.npy"))
                        .code());
        assertEquals(
                2, run("linear", "--untrained", "--out", temp.resolve("out")).code(), "no config");
    }

    private static void assertRefused(Result r, String why) {
        assertEquals(1, r.code(), r.err().toString());
        List<String> messages =
                r.err().stream().filter(l -> l.startsWith("jmoco: ")).toList();
        assertEquals(1, messages.size(), r.err().toString());
        assertEquals(messages.getFirst(), r.err().getLast());
        assertTrue(messages.getFirst().contains(why), messages.getFirst());
    }
}
