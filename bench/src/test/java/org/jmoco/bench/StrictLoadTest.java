package org.jmoco.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jmoco.moco.Main;
import org.jmoco.moco.algorithm.Moco;
import org.jmoco.moco.algorithm.Pixels;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.nn.Arch;
import org.jmoco.nn.StateDict;
import org.jmoco.nn.Stem;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.SafeTensors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Weights that leave through `./jmoco weights convert` and `extract` go into torchvision's networks with
/// `load_state_dict(strict=True)`, and give there the features that `./jmoco extract` gives here:
/// `bench/peers/strict_load.py` in Python, from JPEGs on. Skipped where there is no Python with torch and
/// torchvision.
class StrictLoadTest {
    private static final Path PYTHON = Path.of(System.getenv().getOrDefault("BENCH_PYTHON", "/usr/bin/python3"));
    private static final Path SCRIPT = Path.of("peers/strict_load.py").toAbsolutePath();
    /// Mosaics of images of the bundled sample.
    private static final Path IMAGES = Path.of("../moco/src/test/resources/org/jmoco/moco/extract");
    private static final double TOLERANCE = 1e-4;

    private static final Map<Integer, List<Loaded>> LOADED = new TreeMap<>();
    private static String versions = "";

    @TempDir
    private Path folder;

    private Path images;

    /// What the script says of a file.
    private record Loaded(String file, int arrays, String read, double distance) {
        static Loaded parse(String line) {
            String[] words = line.split("\t", -1);
            return new Loaded(words[0], Integer.parseInt(words[1]), words[2], Double.parseDouble(words[3]));
        }
    }

    private record Answer(int code, String text) {}

    @BeforeAll
    static void python() throws IOException, InterruptedException {
        assumeTrue(
                Files.isExecutable(PYTHON),
                PYTHON + " is no program; name a Python with torch and torchvision in BENCH_PYTHON");
        Answer imported = answer(List.of(PYTHON.toString(), "-c", "import torch, torchvision"));
        assumeTrue(
                imported.code() == 0,
                PYTHON + " has no torch and torchvision; name a Python that has in BENCH_PYTHON: " + imported.text());
    }

    @BeforeEach
    void putImages() throws IOException {
        images = Files.createDirectory(folder.resolve("images"));
        for (int i = 0; i < 3; i++) {
            Files.copy(IMAGES.resolve("mosaic" + i + ".jpg"), images.resolve("mosaic" + i + ".jpg"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {18, 50})
    void aClassifier(int depth) throws Exception {
        Path source = folder.resolve("source.safetensors");
        SafeTensors.write(source, lively(StateDict.of(ResNetParity.network(depth, Stem.IMAGENET, 3))), Map.of());
        List<Path> files = List.of(folder.resolve("classifier.pth"), folder.resolve("classifier.safetensors"));
        for (Path file : files) {
            jmoco("weights", "convert", source, file);
        }
        assertGiveTheSameFeatures(depth, source, files);
    }

    @ParameterizedTest
    @ValueSource(ints = {18, 50})
    void theEncoderOfACheckpoint(int depth) throws Exception {
        Path checkpoint = checkpoint(depth);
        List<Path> files = List.of(
                folder.resolve("backbone.pth"),
                folder.resolve("backbone.safetensors"),
                folder.resolve("with-head.pth"),
                folder.resolve("with-head.safetensors"));
        for (Path file : files) {
            if (file.getFileName().toString().startsWith("backbone")) {
                jmoco("weights", "extract", checkpoint, file);
            } else {
                jmoco("weights", "convert", checkpoint, file, "--part", "encoder");
            }
        }
        assertGiveTheSameFeatures(depth, checkpoint, files);
    }

    /// What would be wrong with the files above would be noticed.
    @Test
    void anArrayTooFewIsRefused() throws Exception {
        Map<String, ArrayData> state = lively(StateDict.of(ResNetParity.network(18, Stem.IMAGENET, 3)));
        Path whole = folder.resolve("whole.safetensors");
        SafeTensors.write(whole, state, Map.of());
        Path features = features(18, whole);
        state.remove("layer2.0.bn1.running_mean");
        Path less = folder.resolve("less.safetensors");
        SafeTensors.write(less, state, Map.of());
        Answer answer = load(18, features, List.of(less));
        assertEquals(1, answer.code(), answer.text());
        assertTrue(
                answer.text().contains("less.safetensors")
                        && answer.text().contains("Missing key(s) in state_dict: \"layer2.0.bn1.running_mean\""),
                answer.text());
    }

    /// A checkpoint of MoCo v1, whose head is one linear layer as torchvision's classifier.
    private Path checkpoint(int depth) {
        MocoConfig d = MocoConfig.defaults();
        Arch arch = depth == 18 ? Arch.RESNET18 : Arch.RESNET50;
        MocoConfig.Model model = new MocoConfig.Model(arch, Stem.IMAGENET, 64, MocoConfig.Model.Head.LINEAR, 128);
        MocoConfig config = new MocoConfig(
                "strict",
                5,
                d.data(),
                d.views(),
                model,
                new MocoConfig.Contrast(0.07f, 64, 0.999, false),
                32,
                1,
                1,
                d.memory(),
                d.precision(),
                d.bn(),
                d.optimizer(),
                d.schedule(),
                d.knn(),
                d.checkpoint());
        Path file = folder.resolve("final.safetensors");
        SafeTensors.write(file, lively(new Moco(config, Pixels.bytes(224, 224, Normalize.IMAGENET)).save()), Map.of());
        return file;
    }

    /// Batch norms begin as what changes nothing; here every number of theirs counts.
    private static Map<String, ArrayData> lively(Map<String, ArrayData> state) {
        Random random = new Random(9);
        Map<String, ArrayData> lively = new LinkedHashMap<>();
        state.forEach((name, array) -> {
            boolean ofBatchNorm = name.contains("bn") || name.contains("downsample.1");
            lively.put(
                    name,
                    ofBatchNorm && array.shape().length == 1
                            ? drawn(array, name.endsWith("bias") || name.endsWith("mean"), random)
                            : array);
        });
        return lively;
    }

    private static ArrayData drawn(ArrayData array, boolean aroundZero, Random random) {
        float[] values = new float[(int) array.count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = aroundZero ? 0.2f * (random.nextFloat() - 0.5f) : 0.5f + random.nextFloat();
        }
        return ArrayData.ofFloats(values, array.shape());
    }

    private void assertGiveTheSameFeatures(int depth, Path weights, List<Path> files)
            throws IOException, InterruptedException {
        Answer answer = load(depth, features(depth, weights), files);
        assertEquals(0, answer.code(), answer.text());
        List<String> lines = answer.text()
                .lines()
                .filter(line -> line.startsWith("torch ") || line.contains("\t"))
                .toList();
        versions = lines.getFirst();
        List<Loaded> loaded = lines.stream().skip(1).map(Loaded::parse).toList();
        assertEquals(
                files.stream().map(f -> f.getFileName().toString()).toList(),
                loaded.stream().map(Loaded::file).toList(),
                answer.text());
        LOADED.computeIfAbsent(depth, d -> new ArrayList<>()).addAll(loaded);
        loaded.forEach(l -> assertTrue(l.distance() <= TOLERANCE, answer.text()));
    }

    private Path features(int depth, Path weights) {
        Path features = folder.resolve("features.npy");
        jmoco(
                "extract",
                "--weights",
                weights,
                "--arch",
                "resnet" + depth,
                "--tap",
                "avgpool",
                "--data",
                images,
                "--out",
                features);
        return features;
    }

    private Answer load(int depth, Path features, List<Path> files) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                PYTHON.toString(), SCRIPT.toString(), images.toString(), "resnet" + depth, features.toString()));
        files.forEach(f -> command.add(f.toString()));
        return answer(command);
    }

    private static Answer answer(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(1, TimeUnit.MINUTES), "Python does not end");
        return new Answer(process.exitValue(), text);
    }

    private static void jmoco(Object... args) {
        PrintStream out = System.out;
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
        try {
            assertEquals(0, Main.run(Arrays.stream(args).map(Object::toString).toArray(String[]::new)));
        } finally {
            System.setOut(out);
        }
    }

    @AfterAll
    static void write() {
        if (LOADED.isEmpty()) {
            return;
        }
        StringBuilder table = new StringBuilder("""
            ## Weights in PyTorch

            Files that `./jmoco weights convert` and `extract` wrote, in torchvision's networks by `load_state_dict(strict=True)` (%s): the features of three JPEGs behind the global
            pooling, the whole way from decoding, beside those of `./jmoco extract`. Relative L2 distance, tolerance 1e-4. `BENCH_PYTHON` names a Python with torch and torchvision, else it is
            /usr/bin/python3; `bench/peers/strict_load.py` is all that it runs. An array too few is refused. The head of `with-head` is MoCo v1's, one linear layer of 128 outputs.

            | network | file | arrays | read by | distance |
            |---|---|--:|---|--:|
            """.formatted(versions));
        LOADED.forEach((depth, files) -> files.forEach(l -> table.append("| ResNet-%d | %s | %d | %s | %s |%n"
                .formatted(depth, l.file(), l.arrays(), l.read(), ParityPage.cell(l.distance())))));
        ParityPage.section(5, table.toString());
    }
}
