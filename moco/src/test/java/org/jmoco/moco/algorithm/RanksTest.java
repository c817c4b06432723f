package org.jmoco.moco.algorithm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.jmoco.moco.config.MocoConfig.Model.Head;
import org.jmoco.tensor.Device;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RanksTest {
    @ParameterizedTest
    @CsvSource({"4, 1, false", "4, 2, false", "4, 1, true", "2, 1, true"})
    void howManyRanksAreComputedAtOnceChangesNoBit(int ranks, int splits, boolean symmetric) {
        Moco whole = new Moco(Small.config(Head.MLP, ranks, ranks, splits, symmetric), Small.PIXELS);
        List<Outcome> expected = Small.steps(whole, whole.on(Device.current()), 0, 3);
        for (int atOnce = 1; atOnce < ranks; atOnce *= 2) {
            Moco parts = new Moco(Small.config(Head.MLP, ranks, atOnce, splits, symmetric), Small.PIXELS);
            assertEquals(expected, Small.steps(parts, parts.on(Device.current()), 0, 3));
            assertEquals(List.of(), Small.differences(whole.save(), parts.save()), "at once: " + atOnce);
        }
    }
}
