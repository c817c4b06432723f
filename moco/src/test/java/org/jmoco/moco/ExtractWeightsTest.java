package org.jmoco.moco;

import static org.jmoco.moco.Miniatures.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jmoco.moco.Miniatures.Result;
import org.jmoco.nn.weights.Namings;
import org.jmoco.nn.weights.Weights;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.Npy;
import org.jmoco.tensor.io.SafeTensors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `jmoco extract --weights FILE` on files of every project and both containers, as PyTorch wrote them: the
/// features of JPEG images, decoded, resized, cropped and normalised, are those that Pillow, torchvision and
/// PyTorch give in float64. Made by `make_extract.py` and `make_weights.py`.
class ExtractWeightsTest {
    private static final Path WEIGHTS = Path.of("../nn/src/test/resources/org/jmoco/nn/weights");
    private static final Path HERE = resources();
    private static final double TOLERANCE = 1e-4;

    @TempDir
    private Path temp;

    private Path images;

    private static Path resources() {
        try {
            return Path.of(ExtractWeightsTest.class.getResource("extract").toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void putImages() throws IOException {
        images = Files.createDirectories(temp.resolve("images"));
        for (int i = 0; i < 3; i++) {
            Files.copy(HERE.resolve("mosaic" + i + ".jpg"), images.resolve("mosaic" + i + ".jpg"));
        }
    }

    private Path unpacked(Path folder, String name) throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(folder.resolve(name + ".gz")))) {
            return Files.write(temp.resolve(name), in.readAllBytes());
        }
    }

    private void assertFeatures(Path weights, String arch, String expected, Object... more) {
        Path out = temp.resolve("f.npy");
        List<Object> line = new ArrayList<>(List.of(
                "extract", "--weights", weights, "--arch", arch, "--tap", "avgpool", "--data", images, "--out", out));
        line.addAll(List.of(more));
        Result r = run(line.toArray());
        assertEquals(0, r.code(), r.err().toString());
        ArrayData want = Npy.read(HERE.resolve(expected + ".npy"));
        ArrayData got = Npy.read(out);
        assertArrayEquals(want.shape(), got.shape());
        double error = 0;
        double norm = 0;
        for (long i = 0; i < want.count(); i++) {
            error += Math.pow(got.doubleAt(i) - want.doubleAt(i), 2);
            norm += Math.pow(want.doubleAt(i), 2);
        }
        assertTrue(Math.sqrt(error / norm) <= TOLERANCE, weights + ": relative distance " + Math.sqrt(error / norm));
    }

    @ParameterizedTest
    @CsvSource({
        "moco-v1.pth, resnet18, query",
        "moco-v2.pth, resnet18, query",
        "mmselfsup-0x-v1.pth, resnet18, query",
        "mmselfsup-0x-v2.pth, resnet18, query",
        "mmselfsup-1x.pth, resnet18, query",
        "moco-linear.pth, resnet18, single",
        "mmselfsup-backbone.pth, resnet18, single",
        "mmselfsup-classifier.pth, resnet18, single",
        "torchvision-resnet50.pth, resnet50, resnet50",
        "moco-cifar.pth, resnet18, cifar"
    })
    void filesOfEveryProject(String file, String arch, String expected) throws IOException {
        assertFeatures(unpacked(WEIGHTS, file), arch, expected);
    }

    @Test
    void filesOfDetectron2() throws IOException {
        assertFeatures(unpacked(HERE, "detectron2.pkl"), "resnet18", "query");
    }

    /// The same arrays under each naming give the same bits, and the line that names the network says the prefix.
    @ParameterizedTest
    @EnumSource(
            value = Namings.class,
            names = {"LIGHTNING", "LIGHTLY", "HUGGING_FACE", "COMPILED", "VISSL"})
    void theSameArraysUnderOtherNames(Namings naming) throws IOException {
        Map<String, ArrayData> backbone =
                Weights.read(unpacked(WEIGHTS, "mmselfsup-backbone.pth")).backbone();
        List<byte[]> features = new ArrayList<>();
        for (Map<String, ArrayData> arrays : List.of(backbone, naming.of(backbone))) {
            Path file = temp.resolve("w" + features.size() + ".safetensors");
            SafeTensors.write(file, arrays, Map.of());
            Path out = temp.resolve("f" + features.size() + ".npy");
            Result r = run("extract", "--weights", file, "--data", images, "--out", out);
            assertEquals(0, r.code(), r.err().toString());
            boolean said = r.err().stream().anyMatch(line -> line.contains("(prefix "));
            assertEquals(!features.isEmpty(), said, r.err().toString());
            features.add(Files.readAllBytes(out));
        }
        assertArrayEquals(features.getFirst(), features.getLast());
    }

    @Test
    void aPrefixWithoutWeightsIsRefused() {
        Path out = temp.resolve("f.npy");
        Result r = run("extract", "--untrained", "--prefix", "teacher", "--data", images, "--out", out);
        assertEquals(1, r.code());
        assertEquals(
                "jmoco: --prefix belongs to --weights, of which there are none",
                r.err().getLast());
        Result pretrain = run("pretrain", "--config", "../configs/smoke.yaml", "--out", out, "--init-prefix", "x");
        assertEquals(2, pretrain.code());
        assertTrue(
                pretrain.err().toString().contains("--init-prefix belongs to --init, which is missing"),
                pretrain.err().toString());
    }

    @Test
    void aPrefixSaysWhichOfTwoEncoders() throws IOException {
        Map<String, ArrayData> single =
                Weights.read(unpacked(WEIGHTS, "mmselfsup-backbone.pth")).backbone();
        Map<String, ArrayData> query =
                Weights.read(unpacked(WEIGHTS, "moco-v2.pth")).backbone();
        Map<String, ArrayData> both = new LinkedHashMap<>();
        single.forEach((name, array) -> both.put("teacher." + name, array));
        query.forEach((name, array) -> both.put("student." + name, array));
        Path file = temp.resolve("both.safetensors");
        SafeTensors.write(file, both, Map.of());
        Path out = temp.resolve("f.npy");
        Result refused = run("extract", "--weights", file, "--data", images, "--out", out);
        assertEquals(1, refused.code());
        assertTrue(
                refused.err()
                        .getLast()
                        .contains("there are several encoders, with the prefixes \"student.\", \"teacher.\""),
                refused.err().toString());
        assertFalse(Files.exists(out));
        assertFeatures(file, "resnet18", "single", "--prefix", "teacher");
        assertFeatures(file, "resnet18", "query", "--prefix", "student.");
        Path backbone = temp.resolve("student.pth");
        assertEquals(
                0,
                run("weights", "extract", file, backbone, "--prefix", "student").code());
        assertFeatures(backbone, "resnet18", "query");
    }

    @ParameterizedTest
    @ValueSource(strings = {"safetensors", "pth", "pkl"})
    void whatIsWrittenHere(String extension) throws IOException {
        Path written = temp.resolve("backbone." + extension);
        assertEquals(
                0,
                run("weights", "extract", unpacked(WEIGHTS, "moco-v2.pth"), written)
                        .code());
        assertFeatures(written, "resnet18", "query");
    }

    @Test
    void aWrongArchitectureIsNamed() throws IOException {
        Result r = run(
                "extract",
                "--weights",
                unpacked(WEIGHTS, "moco-v2.pth"),
                "--arch",
                "resnet50",
                "--data",
                images,
                "--out",
                temp.resolve("f.npy"));
        assertEquals(1, r.code());
        assertEquals(
                1,
                r.err().stream().filter(line -> line.startsWith("jmoco: ")).count(),
                r.err().toString());
        String message = String.join("\n", r.err());
        assertTrue(message.contains("is a ResNet-18") && message.contains("wanted is a ResNet-50"), message);
        assertEquals(
                List.of(),
                Files.list(temp)
                        .filter(f -> f.getFileName().toString().startsWith("f.npy"))
                        .toList());
    }
}
