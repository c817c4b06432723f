package org.jmoco.tensor.backend.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.jmoco.tensor.backend.jvm.runtime.Blocking;
import org.junit.jupiter.api.Test;

class BlockingTunerTest {
    private static final Blocking NORMAL = Blocking.ofCache(1 << 20);

    @Test
    void theTunerLeavesTheChoiceBySizeOnlyForAGain() {
        BlockingTuner tuner = new BlockingTuner(
                b -> List.of(10.0, 9.8, 12.0), b -> List.of(10.0, 8.0, 9.0), b -> List.of(10.0, 9.5, 9.0));
        BlockingTuner.Result r = tuner.tune(NORMAL);
        assertEquals(new Blocking(168, 32_768, 196_608), r.chosen());
        assertEquals(List.of(168, 72, 336), r.trials().getFirst().tried());
        assertEquals(
                List.of(168, 32_768, 196_608),
                r.trials().stream().map(BlockingTuner.Trial::chosen).toList());
    }
}
