package org.jmoco.moco.pretrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.moco.algorithm.Moco;
import org.jmoco.moco.algorithm.Pixels;
import org.jmoco.moco.algorithm.Step;
import org.jmoco.moco.config.ConfigException;
import org.jmoco.moco.config.ConfigText;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.train.RunException;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.SafeTensors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PretrainingTest {
    private static final Device DEVICE = Device.jvm(2);

    @TempDir
    Path temp;

    @AfterAll
    static void close() {
        DEVICE.close();
    }

    private PretrainResult run(String folder, String... overrides) {
        return Pretraining.run(
                TinyRun.config(overrides),
                TinyRun.into(temp.resolve(folder), DEVICE).withResume(true));
    }

    private String refused(String folder, String... overrides) {
        String message =
                assertThrows(RunException.class, () -> run(folder, overrides)).getMessage();
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    @Test
    void aFolderHoldsConfigMetricsCheckpointsAndTheEncoder() throws IOException {
        PretrainResult result = run("whole", "schedule.steps=9", "checkpoint.every-steps=2", "checkpoint.keep=2");
        Path out = temp.resolve("whole");
        assertEquals(
                ConfigText.of(TinyRun.config("schedule.steps=9", "checkpoint.every-steps=2", "checkpoint.keep=2")),
                Files.readString(out.resolve("config.yaml")));
        try (var files = Files.list(out.resolve("checkpoints"))) {
            assertEquals(
                    List.of("step-00000008.safetensors", "step-00000009.safetensors"),
                    files.map(f -> f.getFileName().toString()).sorted().toList());
        }
        SafeTensors weights = SafeTensors.read(result.weights());
        assertTrue(
                weights.arrays()
                        .keySet()
                        .containsAll(List.of("conv1.weight", "layer4.1.bn2.running_var", "fc.0.weight", "fc.2.bias")),
                weights.arrays().keySet().toString());
        assertEquals("9", weights.metadata().get("steps"));
        assertTrue(Encoder.read(result.weights()).hasHead());
    }

    @Test
    void goesOnOnlyWithWhatDecidedTheStepsSoFar() {
        run("resumed", "schedule.steps=8");
        String message = refused("resumed", "contrast.temperature=0.2", "seed=4");
        assertTrue(
                message.contains(
                        " is of another run: seed was 0 and is 4; " + "contrast.temperature was 0.1 and is 0.2. "),
                message);
        assertTrue(refused("resumed", "data.limit=640")
                .matches(".* the data set was 320 images \\(names .*\\) and is 640 images .*"));
        assertTrue(refused("resumed", "precision=bf16").contains("precision was float32 and is bf16"));
        assertTrue(refused("resumed", "schedule.epochs=4").contains("schedule.epochs was 3 and is 4"));
        PretrainResult longer = run(
                "resumed",
                "schedule.steps=10",
                "name=other",
                "data.workers=1",
                "ranks-at-once=1",
                "memory=least",
                "checkpoint.keep=1",
                "checkpoint.every-steps=0");
        assertEquals(10, longer.steps());
        run("constant", "schedule.kind=constant", "schedule.epochs=1", "schedule.steps=3");
        assertEquals(
                21,
                run("constant", "schedule.kind=constant", "schedule.epochs=2", "schedule.steps=21")
                        .steps());
    }

    @Test
    void aSecondRunDoesNotWriteOverTheFirst() {
        run("first", "schedule.steps=1");
        String message = assertThrows(
                        RunException.class,
                        () -> Pretraining.run(TinyRun.config(), TinyRun.into(temp.resolve("first"), DEVICE)))
                .getMessage();
        assertTrue(message.contains("already holds a run; continue it with --resume"), message);
    }

    @Test
    void whatCannotWorkIsRefusedBeforeAnythingIsWritten() throws IOException {
        String large = assertThrows(DataException.class, () -> run("none", "data.limit=15"))
                .getMessage();
        assertEquals("the batch of 16 is larger than the data set of 15 images: not one whole batch", large);
        assertFalse(Files.exists(temp.resolve("none")));
        Path file = Files.createFile(temp.resolve("file"));
        String inTheWay = assertThrows(
                        RunException.class,
                        () -> Pretraining.run(TinyRun.config(), TinyRun.into(file.resolve("run"), DEVICE)))
                .getMessage();
        assertTrue(
                inTheWay.startsWith("the run's folder " + file.resolve("run") + " cannot be written: ")
                        && inTheWay.endsWith("; choose another --out"),
                inTheWay);
    }

    @Test
    void aLossThatIsNotFiniteStopsTheRunAndIsTracedToItsOp() throws IOException {
        String first = refused("diverged", "optimizer.lr=1e30");
        assertTrue(
                first.matches("step 2: the loss is NaN; in step \\d the op \\S.* was the first to give one, \\S+ "
                        + "as element \\d+; there is no checkpoint yet\\. .*"),
                first);
        // With one step to a checkpoint the state after it is caught before it is saved.
        String saved =
                refused("diverged-saved", "optimizer.lr=1e38", "optimizer.weight-decay=10", "checkpoint.every-steps=1");
        assertTrue(saved.startsWith("step 1: "), saved);
        assertFalse(Files.exists(temp.resolve("diverged-saved/checkpoints")));
    }

    @Test
    void theOpThatOverflowsFirstIsNamedWithItsLayer() throws IOException {
        Moco moco = new Moco(
                TinyRun.config(),
                Pixels.bytes(16, 16, TinyRun.config().pipeline().normalize()));
        Map<String, ArrayData> weights = new LinkedHashMap<>();
        moco.save().forEach((name, array) -> {
            if (name.startsWith("encoder_q.")) {
                weights.put(name, array);
            }
        });
        float[] huge =
                new float[(int) weights.get("encoder_q.layer3.0.conv2.weight").count()];
        Arrays.fill(huge, 3e38f);
        weights.put(
                "encoder_q.layer3.0.conv2.weight",
                ArrayData.ofFloats(
                        huge, weights.get("encoder_q.layer3.0.conv2.weight").shape()));
        Path file = temp.resolve("huge.safetensors");
        SafeTensors.write(file, weights, Map.of());
        String message = assertThrows(
                        RunException.class,
                        () -> Pretraining.run(
                                TinyRun.config(),
                                TinyRun.into(temp.resolve("huge"), DEVICE).withInit(Optional.of(file))))
                .getMessage();
        assertTrue(
                message.startsWith("step 1: the loss is NaN; in step 1 the op conv2d[")
                        && message.contains(" in encoder_k.layer3.0.conv2 was the first to give one"),
                message);
    }

    @Test
    void theMonitorLooksEveryEpochAndAfterAnInterruptionAtItsLastLook() throws IOException {
        String[] monitored = {
            "knn.every=2", "knn.k=20", "schedule.epochs=3", "checkpoint.every-steps=0", "data.limit=64"
        };
        PretrainResult result = run("monitored", monitored);
        Path metrics = temp.resolve("monitored/metrics.jsonl");
        List<String> looks = looks(metrics);
        assertEquals(
                List.of("0", "8", "12 " + result.knn().orElseThrow()),
                List.of(looks.get(0).substring(0, 1), looks.get(1).substring(0, 1), looks.get(2)));
        Files.write(
                metrics,
                Files.readAllLines(metrics).stream()
                        .filter(line -> !(line.startsWith("{\"step\":12,") && line.contains("\"knn\":")))
                        .toList());
        assertEquals(result.knn(), run("monitored", monitored).knn());
        assertEquals(looks, looks(metrics));
        assertEquals(result.knn(), run("monitored", monitored).knn());
        assertEquals(looks, looks(metrics));
    }

    /// `step accuracy` of every look.
    private static List<String> looks(Path metrics) throws IOException {
        return Files.readAllLines(metrics).stream()
                .filter(line -> line.contains("\"knn\":"))
                .map(line -> line.replaceAll("\\{\"step\":(\\d+),.*\"knn\":([^,}]+).*", "$1 $2"))
                .toList();
    }

    @Test
    void givenViewsAndWeightsGiveTheLossesOfTheStepsThemselves() throws IOException {
        String[] replay = {
            "data={kind: views, path: " + temp.resolve("views.safetensors") + "}",
            "batch=8",
            "bn.splits=1",
            "schedule.epochs=1",
            "optimizer.lr=0.01"
        };
        SplittableRandom random = new SplittableRandom(3);
        int steps = 4;
        float[] query = random.doubles((long) steps * 8 * 12 * 12 * 3)
                .collect(() -> new FloatSink(steps * 8 * 12 * 12 * 3), FloatSink::add, (a, b) -> {})
                .values;
        float[] key = query.clone();
        long[] permutations = new long[steps * 8];
        for (int i = 0; i < permutations.length; i++) {
            permutations[i] = (i % 8 * 3 + i / 8) % 8;
            key[i] += 0.5f;
        }
        SafeTensors.write(
                temp.resolve("views.safetensors"),
                Map.of(
                        "query",
                        ArrayData.ofFloats(query, steps, 8, 12, 12, 3),
                        "key",
                        ArrayData.ofFloats(key, steps, 8, 12, 12, 3),
                        "permutation",
                        ArrayData.ofLongs(permutations, steps, 8)),
                Map.of());
        MocoConfig config = TinyRun.config(replay);
        Path init = temp.resolve("init.safetensors");
        SafeTensors.write(init, new Moco(TinyRun.config("seed=9"), Pixels.floats(12, 12)).save(), Map.of());
        Path losses = temp.resolve("losses.tsv");
        Pretraining.run(
                config,
                TinyRun.into(temp.resolve("replay"), DEVICE)
                        .withInit(Optional.of(init))
                        .withLosses(Optional.of(losses)));

        Moco moco = new Moco(config, Pixels.floats(12, 12));
        moco.init(init);
        Step step = moco.on(DEVICE);
        List<String> expected = new ArrayList<>();
        int batch = 8 * 12 * 12 * 3;
        for (int s = 0; s < steps; s++) {
            int[] permutation = new int[8];
            for (int j = 0; j < 8; j++) {
                permutation[j] = (int) permutations[s * 8 + j];
            }
            float loss = step.run(segment(query, s * batch, batch), segment(key, s * batch, batch), permutation, 0.01f)
                    .loss();
            expected.add((s + 1) + "\t" + loss);
        }
        assertEquals(expected, Files.readAllLines(losses));
        assertTrue(assertThrows(
                        ConfigException.class,
                        () -> Pretraining.run(
                                TinyRun.config(replay[0], "batch=8", "knn.every=1"),
                                TinyRun.into(temp.resolve("x"), DEVICE)))
                .getMessage()
                .contains("set knn.every to 0"));
    }

    private static MemorySegment segment(float[] values, int from, int length) {
        return MemorySegment.ofArray(Arrays.copyOfRange(values, from, from + length));
    }

    private static final class FloatSink {
        private final float[] values;
        private int count;

        FloatSink(int size) {
            values = new float[size];
        }

        void add(double value) {
            values[count++] = (float) (4 * value - 2);
        }
    }
}
