package org.jmoco.moco;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.ResultFolder;
import org.jmoco.moco.Miniatures.Result;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.Npy;
import org.jmoco.tensor.io.SafeTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `linear` on features in files, against the same command on the images that they are features of.
class LinearOfFeatureFilesTest {
    private static final String CONFIG = "../configs/benchmarks/resnet18_linear-b256-steplr-100e_cifar10.yaml";

    @TempDir
    Path temp;

    private Result linear(String out, Object... more) {
        List<Object> all = new ArrayList<>(List.of(
                "linear",
                "--config",
                CONFIG,
                "--out",
                temp.resolve(out),
                "--set",
                "recipe.epochs=3",
                "--set",
                "recipe.milestones=[2]",
                "--set",
                "recipe.batch=17",
                "--set",
                "recipe.evaluate-every=1"));
        all.addAll(List.of(more));
        return Miniatures.run(all.toArray());
    }

    private void extract(String split, String out) {
        Result ran = Miniatures.run(
                "extract",
                "--untrained",
                "--arch",
                "resnet18",
                "--stem",
                "cifar",
                "--width",
                "2",
                "--data",
                "sample",
                "--limit",
                "60",
                "--split",
                split,
                "--out",
                temp.resolve(out));
        assertEquals(0, ran.code(), ran.err().toString());
    }

    @Test
    void filesGiveWhatTheirImagesGive() throws IOException {
        Result images = linear(
                "images",
                "--untrained",
                "--arch",
                "resnet18",
                "--width",
                "2",
                "--data",
                "sample",
                "--set",
                "data.limit=60");
        assertEquals(0, images.code(), images.err().toString());
        extract("train", "train.npy");
        extract("test", "test.safetensors");
        Result files = linear(
                "files", "--features", temp.resolve("train.npy"), "--test-features", temp.resolve("test.safetensors"));
        assertEquals(0, files.code(), files.err().toString());

        EvaluationResult expected = ResultFolder.read(temp.resolve("images"));
        EvaluationResult result = ResultFolder.read(temp.resolve("files"));
        assertEquals(
                "linear/resnet18_linear-b256-steplr-100e_cifar10 [recipe.batch=17; recipe.epochs=3; "
                        + "recipe.milestones=[2]; recipe.evaluate-every=1] [given features]",
                result.protocol());
        assertEquals(values(expected), values(result));
        assertEquals(expected.tables(), result.tables());
        assertEquals(expected.confusion(), result.confusion());
        assertTrue(result.metrics().getFirst().value() > 0);
        Map<String, ArrayData> trained =
                SafeTensors.read(temp.resolve("images/heads.safetensors")).arrays();
        Map<String, ArrayData> again =
                SafeTensors.read(temp.resolve("files/heads.safetensors")).arrays();
        assertEquals(trained.keySet(), again.keySet());
        trained.forEach((name, array) ->
                assertArrayEquals(array.toFloatArray(), again.get(name).toFloatArray(), name));

        Result given = linear(
                "given",
                "--features",
                temp.resolve("train.npy"),
                "--test-features",
                temp.resolve("test.safetensors"),
                "--heads",
                temp.resolve("files/heads.safetensors"));
        assertEquals(files.value("top1"), given.value("top1"));
    }

    private static List<List<Object>> values(EvaluationResult result) {
        return result.metrics().stream()
                .map(m -> List.<Object>of(m.name(), m.value(), m.interval()))
                .toList();
    }

    @Test
    void whatDoesNotFitEndsInOneLine() throws IOException {
        write("train", 8, 3);
        write("test", 4, 3);
        Object[] files = {"--features", temp.resolve("train.npy"), "--test-features", temp.resolve("test.npy")};
        assertEquals(0, linear("out", files).code());
        refused(linear("out", files), "already holds a run; continue it with --resume, or choose another --out");
        write("test", 5, 3);
        List<Object> resumed = new ArrayList<>(List.of(files));
        resumed.add("--resume");
        refused(linear("out", resumed.toArray()), "is of another run: the test features was ");
        write("test", 4, 2);
        refused(linear("b", files), "train.npy has features of 3 numbers, ");
        Files.delete(temp.resolve("test.labels.npy"));
        refused(linear("b", files), "test.npy: its labels are neither given nor in");
        assertTrue(Files.notExists(temp.resolve("b")));

        wrong("give either --features and --test-features, or one of", files, "--data", "sample");
        wrong("give either --features and --test-features, or one of", files, "--untrained");
        wrong(
                "features in files are vectors with one classifier, the configuration has taps [feature5]: add --set "
                        + "taps=[avgpool]",
                files,
                "--set",
                "taps=[feature5]");
        wrong("--features needs --test-features", new Object[] {"--features", temp.resolve("train.npy")});
        wrong("Missing required argument", new Object[] {"--data", "sample"});
    }

    private void write(String name, int items, int dim) {
        float[] values = new float[items * dim];
        int[] labels = new int[items];
        for (int i = 0; i < items; i++) {
            labels[i] = i % 2;
            values[i * dim + labels[i]] = 1 + i;
        }
        Npy.write(temp.resolve(name + ".npy"), ArrayData.ofFloats(values, items, dim));
        Npy.write(temp.resolve(name + ".labels.npy"), ArrayData.ofInts(labels, items));
    }

    private void wrong(String part, Object[] files, Object... more) {
        List<Object> all = new ArrayList<>(List.of(files));
        all.addAll(List.of(more));
        Result ran = linear("c", all.toArray());
        assertEquals(2, ran.code(), part);
        assertTrue(ran.err().toString().contains(part), ran.err().toString());
        assertTrue(Files.notExists(temp.resolve("c")));
    }

    private static void refused(Result ran, String part) {
        assertEquals(1, ran.code(), part);
        assertTrue(ran.err().getLast().contains(part), ran.err().toString());
    }
}
