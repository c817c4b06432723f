package org.jmoco.moco;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jmoco.eval.result.Confusion;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.ResultFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `jmoco pretrain`, `knn` and `demo` as a user runs them. What they compute is tested with the library.
class PretrainCommandsTest {
    private static final List<String> THIN = List.of(
            "--set",
            "model.width=2",
            "--set",
            "batch=16",
            "--set",
            "bn.splits=1",
            "--set",
            "contrast.queue=64",
            "--set",
            "schedule.steps=3",
            "--set",
            "knn.k=50");

    @TempDir
    private Path temp;

    /// 96 training and 48 test images in MNIST's format: three classes of stripes.
    private String stripes() throws IOException {
        write("train", 96);
        write("t10k", 48);
        return temp.resolve("stripes").toString();
    }

    private void write(String part, int n) throws IOException {
        ByteBuffer images = ByteBuffer.allocate(16 + n * 1024)
                .putInt(0x0803)
                .putInt(n)
                .putInt(32)
                .putInt(32);
        ByteBuffer labels = ByteBuffer.allocate(8 + n).putInt(0x0801).putInt(n);
        for (int i = 0; i < n; i++) {
            for (int p = 0; p < 1024; p++) {
                images.put((byte) ((p % 32 / (i % 3 + 1) % 2 + p / 32 % (i % 3 + 2)) * 60 + i % 7));
            }
            labels.put((byte) (i % 3));
        }
        Path folder = Files.createDirectories(temp.resolve("stripes"));
        Files.write(folder.resolve(part + "-images-idx3-ubyte"), images.array());
        Files.write(folder.resolve(part + "-labels-idx1-ubyte"), labels.array());
    }

    private record Result(int code, String out, String err) {}

    private static Result run(String... arguments) {
        Miniatures.Result r = Miniatures.run((Object[]) arguments);
        return new Result(r.code(), String.join("\n", r.out()), String.join("\n", r.err()));
    }

    private static Result command(String name, List<String> settings, String... arguments) {
        List<String> all = new ArrayList<>(List.of(name));
        all.addAll(settings);
        all.addAll(List.of(arguments));
        return run(all.toArray(String[]::new));
    }

    private static String last(Result result) {
        return result.out().lines().reduce((a, b) -> b).orElse("");
    }

    @Test
    void planTellsWhatARunTakesAndWhetherItFits() throws IOException {
        String data = "data={kind: idx, path: " + stripes() + "}";
        Result planned = command(
                "plan",
                THIN,
                "--config",
                "../configs/smoke.yaml",
                "--threads",
                "1",
                "--warm-up",
                "1",
                "--steps",
                "1",
                "--device",
                "jvm",
                "--set",
                data,
                "--memory-limit",
                "64g");
        assertEquals(0, planned.code(), planned.err());
        assertTrue(
                planned.out().contains("96 images, 6 steps an epoch, 1 epochs, 3 steps in all")
                        && planned.out().contains("MoCo's 0.03 for 256 would be 0.001875 here"),
                planned.out());
        assertTrue(
                planned.out().contains("a key stays in the queue for 4 steps, 0.67 epochs")
                        && planned.out().contains("in 65536 MiB"),
                planned.out());
        assertTrue(
                last(planned)
                        .matches("result residentMiB=\\d+\\.\\d heapMiB=\\d+\\.\\d offHeapMiB=\\d+\\.\\d "
                                + "stepsPerEpoch=6 steps=3 stepMillis=\\d+\\.\\d\\d epochSeconds=\\d+\\.\\d "
                                + "totalSeconds=\\d+\\.\\d learningRate=0.06 queueEpochs=0.67 largestBatch=96"),
                planned.out());
        Result tight = command(
                "plan",
                THIN,
                "--config",
                "../configs/smoke.yaml",
                "--no-trial",
                "--device",
                "jvm",
                "--set",
                data,
                "--memory-limit",
                "100m");
        assertEquals(1, tight.code());
        assertTrue(
                tight.err()
                        .lines()
                        .toList()
                        .getLast()
                        .matches("jmoco: the run does not fit: it needs \\d+ MiB, there are 100; no batch of "
                                + "this network fits.*"),
                tight.err());
        assertEquals(
                2,
                command("plan", THIN, "--config", "../configs/smoke.yaml", "--memory-limit", "much")
                        .code());
        assertEquals(
                2,
                command("plan", THIN, "--config", "../configs/smoke.yaml", "--warm-up", "0")
                        .code());
        Result missing = command(
                "plan",
                THIN,
                "--config",
                "../configs/smoke.yaml",
                "--set",
                "data={kind: folder, path: " + temp.resolve("none") + "}");
        assertTrue(
                missing.code() == 1
                        && missing.err()
                                        .lines()
                                        .filter(l -> l.startsWith("jmoco: "))
                                        .count()
                                == 1,
                missing.err());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 24})
    void pretrainEndsWithItsResultAndKnnReadsItsWeights(int size) throws IOException {
        Path out = temp.resolve("run");
        Path losses = temp.resolve("losses.tsv");
        String data = stripes();
        Result trained = command(
                "pretrain",
                THIN,
                "--config",
                "../configs/smoke.yaml",
                "--out",
                out.toString(),
                "--seed",
                "3",
                "--threads",
                "1",
                "--log-losses",
                losses.toString(),
                "--set",
                "knn.size=" + size,
                "--set",
                "data={kind: idx, path: " + data + "}");
        assertEquals(0, trained.code(), trained.err());
        assertTrue(trained.out().contains("\nseed: 3\n") && trained.out().contains("  queue: 64\n"), trained.out());
        assertTrue(
                trained.err()
                        .contains("learning rate 0.06000 for batches of 16 is by the linear scaling rule "
                                + "0.9600 for 256; MoCo's 0.03 for 256 would be 0.001875 here"),
                trained.err());
        assertTrue(trained.err().contains("a key stays in the queue for 4 steps, 0.67 epochs"), trained.err());
        assertFalse(trained.err().contains("is larger than the data set"), trained.err());
        assertTrue(
                last(trained)
                        .matches("result steps=3 loss=\\d\\.\\d+ accuracy=\\d+\\.\\d\\d knn=\\d+\\.\\d\\d "
                                + "seconds=\\d+\\.\\d weights=\\S+final\\.safetensors report=\\S+"),
                trained.out());
        assertEquals(3, Files.readAllLines(losses).size());
        Result knn = run(
                "knn",
                "--weights",
                out.resolve("final.safetensors").toString(),
                "--data",
                data,
                "--k",
                "50,10",
                "--out",
                temp.resolve("knn").toString());
        assertEquals(0, knn.code(), knn.err());
        assertTrue(
                last(knn)
                        .startsWith("result protocol=knn tap=avgpool knn50="
                                + last(trained).replaceAll(".* knn=(\\S+) .*", "$1") + " knn10="),
                knn.out());
        EvaluationResult result = ResultFolder.read(temp.resolve("knn"));
        assertEquals("knn/avgpool [k=50,10; temperature=0.1]", result.protocol());
        Confusion confusion = result.confusion().orElseThrow();
        int n = confusion.counts().size();
        long right = IntStream.range(0, n)
                .mapToLong(c -> confusion.counts().get(c).get(c))
                .sum();
        long all = confusion.counts().stream()
                .flatMap(List::stream)
                .mapToLong(c -> c)
                .sum();
        assertEquals(result.metric(confusion.metric()).value(), 100.0 * right / all, 1e-9);
    }

    @Test
    void theDemoEndsWithItsTableAndWarnsOfTooLongAQueue() throws IOException {
        Result r = command(
                "demo",
                THIN,
                "--out",
                temp.resolve("demo").toString(),
                "--set",
                "data={kind: idx, path: " + stripes() + "}",
                "--set",
                "contrast.queue=128");
        assertEquals(0, r.code(), r.err());
        assertTrue(
                r.err().contains("warning: the queue of 128 keys is larger than the data set of 96 images"), r.err());
        assertTrue(
                r.out().contains("\nraw pixels ")
                        && r.out().contains("\nuntrained encoder ")
                        && r.out().contains("\ntrained encoder "),
                r.out());
        assertTrue(
                last(r).matches("result raw=\\S+ untrained=\\S+ trained=\\S+ bundled=\\S+ seconds=\\S+ report=\\S+"),
                r.out());
        assertTrue(Files.exists(Path.of(last(r).replaceAll(".*report=", ""))));
    }

    @Test
    void mistakesAreOneLine() {
        String out = temp.resolve("run").toString();
        Result unknown = run("pretrain", "--config", "../configs/smoke.yaml", "--out", out, "--set", "contrast.k=3");
        assertEquals(1, unknown.code());
        assertEquals(
                "jmoco: --set contrast.k: unknown key contrast.k; known here: temperature, queue, momentum, symmetric",
                unknown.err());
        assertEquals(
                "jmoco: smoke.yaml: contrast.queue 1024 is not a multiple of the 48 keys enqueued a step; "
                        + "use 1008 or 1056",
                run("pretrain", "--config", "../configs/smoke.yaml", "--out", out, "--set", "batch=48")
                        .err()
                        .replaceAll(", line \\d+", ""));
        assertTrue(run("pretrain", "--config", "../configs/smoke.yaml", "--out", out, "--set", "ranks=3")
                .err()
                .contains("ranks must divide the batch: batch 64, ranks 3"));
        assertEquals(2, run("pretrain", "--config", "../configs/smoke.yaml").code());
        assertEquals(
                2,
                run("pretrain", "--config", "../configs/smoke.yaml", "--out", out, "--threads", "0")
                        .code());
        Result device = run("pretrain", "--config", "../configs/smoke.yaml", "--out", out, "--device", "gpu");
        assertTrue(
                device.err()
                        .lines()
                        .reduce((a, b) -> b)
                        .orElseThrow()
                        .startsWith("jmoco: device gpu: expected jvm, tornado or tornado:DRIVER:NUMBER"),
                device.err());
        assertFalse(Files.exists(temp.resolve("run")));
        assertTrue(run(
                        "knn",
                        "--untrained",
                        "--stem",
                        "cifar",
                        "--width",
                        "2",
                        "--data",
                        "sample",
                        "--limit",
                        "20",
                        "--k",
                        "21")
                .err()
                .contains("--k must lie between 1 and the 20 training images, got 21"));
        assertTrue(run("knn", "--weights", temp.resolve("none").toString(), "--data", "sample")
                .err()
                .startsWith("jmoco: "));
    }
}
