package org.jmoco.moco.algorithm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SequencedMap;
import org.jmoco.moco.config.MocoConfig.Model.Head;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.io.ArrayData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RanksTest {
    @Test
    void fourRanksAreFourOneRankProgramsCombined() {
        Moco moco = new Moco(Small.config(4, 4), Small.PIXELS);
        Step step = moco.on(Device.current());
        OneRank processes = new OneRank(4);
        for (int i = 0; i < 5; i++) {
            byte[] query = Small.views(16, i, 0);
            byte[] key = Small.views(16, i, 1);
            float[] losses = processes.step(query, key, moco.permutation(i));
            Outcome outcome = step.run(query, key, moco.permutation(i), Small.RATE);
            assertEquals(
                    (float) (((double) losses[0] + losses[1] + losses[2] + losses[3]) / 4),
                    outcome.loss(),
                    "loss of step " + i);
            SequencedMap<String, ArrayData> state = moco.save();
            state.keySet().removeIf(name -> name.startsWith("momentum."));
            SequencedMap<String, ArrayData> expected = processes.moco().save();
            expected.keySet().removeIf(name -> name.startsWith("momentum."));
            assertEquals(List.of(), Small.differences(expected, state), "after step " + i);
            for (int j = 0; j < moco.sgd().momenta().size(); j++) {
                assertArrayEquals(
                        processes.momentum(j),
                        moco.sgd().momenta().get(j).toArray(),
                        "momentum " + j + " after step " + i);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"4, 1, false", "4, 2, false", "4, 1, true", "2, 2, true"})
    void howManyRanksAreComputedAtOnceChangesNoBit(int ranks, int splits, boolean symmetric) {
        Moco whole = new Moco(Small.config(Head.MLP, ranks, ranks, splits, symmetric), Small.PIXELS);
        Step all = whole.on(Device.current());
        List<Outcome> expected = Small.steps(whole, all, 0, 3);
        for (int atOnce = 1; atOnce < ranks; atOnce *= 2) {
            Moco parts = new Moco(Small.config(Head.MLP, ranks, atOnce, splits, symmetric), Small.PIXELS);
            Step step = parts.on(Device.current());
            assertEquals(expected, Small.steps(parts, step, 0, 3));
            assertEquals(List.of(), Small.differences(whole.save(), parts.save()), "at once: " + atOnce);
        }
    }

    @Test
    void fewerRanksAtOnceNeedLessMemory() {
        long[] bytes = new long[3];
        for (int i = 0; i < 3; i++) {
            Step step = new Moco(Small.config(4, 1 << i), Small.PIXELS).on(Device.current());
            bytes[i] = step.programs().stream()
                    .mapToLong(p -> p.plan().activationBytes())
                    .max()
                    .orElseThrow();
        }
        assertTrue(
                bytes[0] < bytes[1] && bytes[1] < bytes[2],
                "activations for 1, 2 and 4 ranks at once: " + bytes[0] + ", " + bytes[1] + ", " + bytes[2] + " bytes");
    }
}
