package org.jmoco.moco.algorithm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jmoco.moco.config.MocoConfig.Model.Head;
import org.jmoco.nn.StateDict;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.FormatException;
import org.jmoco.tensor.io.SafeTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MocoTest {
    private static Moco moco() {
        return new Moco(Small.config(2, 2), Small.PIXELS);
    }

    @ParameterizedTest
    @EnumSource(value = Head.class, names = "MLP_BN", mode = EnumSource.Mode.EXCLUDE)
    void theStateHasTheNamesAndShapesOfTheOfficialCheckpoint(Head head) {
        Moco moco = new Moco(Small.config(head, 1, 1, 1, false), Small.PIXELS);
        Map<String, ArrayData> saved = moco.save();
        assertEquals("F32[4, 3, 3, 3]", saved.get("encoder_q.conv1.weight").toString());
        assertEquals(
                "F32[8]",
                saved.get("encoder_k.layer2.0.downsample.1.running_var").toString());
        assertEquals("F32[8, 64]", saved.get("queue").toString());
        assertEquals("I64[1]", saved.get("queue_ptr").toString());
        assertEquals(
                "F32[8, 32]",
                saved.get(head == Head.LINEAR ? "encoder_q.fc.weight" : "encoder_q.fc.2.weight")
                        .toString());
        assertEquals(
                "F32[32]",
                saved.getOrDefault("momentum.fc.0.bias", ArrayData.ofFloats(new float[32]))
                        .toString());
        // ResNet-18 has 20 convolutions and 20 batch norms of two parameters and two statistics; a linear layer
        // has two parameters.
        int linear = head == Head.LINEAR ? 1 : 2;
        int parameters = 20 + 2 * 20 + 2 * linear;
        assertEquals(2 * (parameters + 2 * 20) + 2 + parameters, saved.size());
        assertEquals(moco.state().keySet(), saved.keySet());
    }

    @Test
    void bothEncodersBeginAlikeAndTheQueueWithKeysOfUnitLength() {
        Map<String, ArrayData> saved = moco().save();
        saved.forEach((name, array) -> {
            if (name.startsWith("encoder_k.")) {
                assertEquals(saved.get("encoder_q." + name.substring("encoder_k.".length())), array, name);
            }
        });
        float[] queue = saved.get("queue").toFloatArray();
        double mean = 0;
        for (int column = 0; column < 64; column++) {
            double square = 0;
            for (int i = 0; i < 8; i++) {
                square += Math.pow(queue[i * 64 + column], 2);
                mean += queue[i * 64 + column] / queue.length;
            }
            assertEquals(1, square, 1e-6, "squared length of column " + column);
        }
        assertEquals(0, mean, 0.1);
        assertEquals(0, saved.get("queue_ptr").longAt(0));
    }

    @Test
    void permutationsFollowFromSeedAndStep() {
        Moco moco = moco();
        int[] first = moco.permutation(7);
        assertArrayEquals(first, moco().permutation(7));
        assertFalse(Arrays.equals(first, moco.permutation(8)));
        assertEquals(16, Shuffle.inverse(first).length);
        assertEquals(
                32,
                new Moco(Small.config(Head.MLP, 1, 1, 1, true), Small.PIXELS).permutation(0).length,
                "one for each pass of the symmetric loss");
    }

    @Test
    void aStepHasTheSameBitsOnAnyNumberOfThreads() {
        SequencedMap<String, ArrayData> expected = null;
        for (int threads = 1; threads <= 3; threads++) {
            try (Device device = Device.jvm(threads)) {
                Moco moco = moco();
                Small.steps(moco, moco.on(device), 0, 3);
                expected = expected == null ? moco.save() : expected;
                assertEquals(List.of(), Small.differences(expected, moco.save()), threads + " threads");
            }
        }
    }

    @Test
    void aRunGoesOnFromASavedStateWithTheSameBits(@TempDir Path folder) {
        Moco unbroken = moco();
        Step step = unbroken.on(Device.current());
        Small.steps(unbroken, step, 0, 2);
        Path file = folder.resolve("state.safetensors");
        SafeTensors.write(file, unbroken.save(), Map.of());
        List<Outcome> expected = Small.steps(unbroken, step, 2, 5);

        Moco resumed = moco();
        resumed.load(SafeTensors.read(file).arrays());
        assertEquals(expected, Small.steps(resumed, resumed.on(Device.current()), 2, 5));
        assertEquals(List.of(), Small.differences(unbroken.save(), resumed.save()));
    }

    @Test
    void aStateThatDoesNotFitIsRefusedAndNothingChanges() {
        Moco moco = moco();
        SequencedMap<String, ArrayData> before = moco.save();
        SequencedMap<String, ArrayData> other = moco.save();
        other.put("queue", ArrayData.ofFloats(new float[8 * 32], 8, 32));
        other.remove("encoder_k.conv1.weight");
        other.put("encoder_q.layer5.0.conv1.weight", ArrayData.ofFloats(new float[1]));
        var e = assertThrows(IllegalArgumentException.class, () -> moco.load(other));
        assertEquals(
                "the checkpoint does not fit the run: missing: encoder_k.conv1.weight; unknown: "
                        + "encoder_q.layer5.0.conv1.weight; different: queue is F32[8, 32] instead of F32[8, 64]",
                e.getMessage());
        assertEquals(List.of(), Small.differences(before, moco.save()));
    }

    @Test
    void aRunBeginsFromGivenWeights(@TempDir Path folder) {
        Moco source = moco();
        Small.steps(source, source.on(Device.current()), 0, 1);
        SequencedMap<String, ArrayData> given = source.save();
        given.keySet().removeIf(name -> name.startsWith("encoder_k.") || name.startsWith("momentum."));
        given.put("encoder_q.bn1.num_batches_tracked", ArrayData.ofLongs(new long[] {1}));
        Path file = folder.resolve("init.safetensors");
        SafeTensors.write(file, given, Map.of());
        Moco moco = moco();
        moco.init(file);
        Map<String, ArrayData> now = moco.save();
        source.save().forEach((name, array) -> {
            if (!name.startsWith("encoder_k.") && !name.startsWith("momentum.")) {
                assertEquals(array, now.get(name), name);
            }
        });
        moco.query()
                .namedParameters()
                .keySet()
                .forEach(name -> assertEquals(now.get("encoder_q." + name), now.get("encoder_k." + name), name));
        assertEquals(16, now.get("queue_ptr").longAt(0));
    }

    @Test
    void oneEncoderUnderTorchvisionsNamesIsTheQueryEncoder(@TempDir Path folder) {
        Moco source = moco();
        Small.steps(source, source.on(Device.current()), 0, 1);
        Path file = folder.resolve("final.safetensors");
        SafeTensors.write(file, StateDict.of(source.query()), Map.of());
        Moco moco = moco();
        moco.init(file);
        assertEquals(StateDict.of(source.query()), StateDict.of(moco.query()));
    }

    @Test
    void startingWeightsThatDoNotFitAreNamedWithTheFile(@TempDir Path folder) {
        Path file = folder.resolve("init.safetensors");
        SequencedMap<String, ArrayData> given = moco().save();
        given.remove("encoder_q.fc.0.bias");
        given.put("queue_ptr", ArrayData.ofLongs(new long[] {64}));
        SafeTensors.write(file, given, Map.of());
        assertEquals(
                file + ": the starting weights do not fit the network: missing: encoder_q.fc.0.bias; to begin from its"
                        + " backbone alone, take it out first: jmoco weights extract",
                assertThrows(FormatException.class, () -> moco().init(file)).getMessage());
        given.put("encoder_q.fc.0.bias", ArrayData.ofFloats(new float[32]));
        SafeTensors.write(file, given, Map.of());
        assertTrue(assertThrows(FormatException.class, () -> moco().init(file))
                .getMessage()
                .contains("queue_ptr is 64, the queue has 64 keys; to begin"));
    }

    @Test
    void viewsAndPermutationsThatDoNotFitAreRefused() {
        Moco moco = moco();
        Step step = moco.on(Device.current());
        byte[] views = Small.views(16, 0, 0);
        int[] order = moco.permutation(0);
        assertEquals(
                "key views: expected 16 of 8×8 in 3072 bytes, got 10 bytes",
                assertThrows(IllegalArgumentException.class, () -> step.run(views, new byte[10], order, 0))
                        .getMessage());
        order[3] = order[4];
        assertEquals(
                "not a permutation of 0 … 15: entry 4 is " + order[4],
                assertThrows(IllegalArgumentException.class, () -> step.run(views, views, order, 0))
                        .getMessage());
    }
}
