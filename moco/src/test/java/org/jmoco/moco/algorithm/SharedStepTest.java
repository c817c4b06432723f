package org.jmoco.moco.algorithm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.IntPredicate;
import org.jmoco.moco.config.ConfigException;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.moco.config.MocoConfig.Model.Head;
import org.jmoco.nn.processes.Processes;
import org.jmoco.nn.processes.ProcessesInOneJvm;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.io.ArrayData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Several processes, which are threads here, against one that has all ranks: every bit of the state, after
/// several steps, on each of them.
class SharedStepTest {
    private static final int STEPS = 2;

    @ParameterizedTest
    @CsvSource({"2, 4, 4, 1, false", "2, 4, 1, 2, true", "2, 8, 1, 1, true", "4, 8, 2, 1, false"})
    void hasTheBitsOfOneProcess(int processes, int ranks, int atOnce, int splits, boolean symmetric) {
        MocoConfig config = Small.config(Head.MLP, ranks, atOnce, splits, symmetric);
        Moco alone = new Moco(config, Small.PIXELS);
        List<Outcome> expected = Small.steps(alone, alone.on(Device.current()), 0, STEPS);
        SequencedMap<String, ArrayData> state = alone.save();
        ProcessesInOneJvm.run(processes, others -> {
            try (Device device = Device.jvm(1)) {
                Moco moco = new Moco(config, Small.PIXELS);
                Step step = moco.on(device, others);
                List<Outcome> outcomes = new ArrayList<>();
                for (int i = 0; i < STEPS; i++) {
                    outcomes.add(step.run(
                            own(moco, others, Small.views(config.batch(), i, 0)),
                            own(moco, others, Small.views(config.batch(), i, 1)),
                            moco.permutation(i),
                            Small.RATE));
                }
                assertEquals(expected, outcomes, "process " + others.number());
                if (others.number() != 0) {
                    assertNotEquals(List.of(), Small.differences(state, moco.save()), "statistics come from process 0");
                }
                moco.shareState(others);
                assertEquals(List.of(), Small.differences(state, moco.save()), "process " + others.number());
            }
        });
    }

    /// A process has the views of its own samples alone: the others are overwritten.
    private static byte[] own(Moco moco, Processes processes, byte... views) {
        IntPredicate owns = moco.owns(processes);
        int size = 3 * Small.SIDE * Small.SIDE;
        for (int i = 0; i < views.length / size; i++) {
            if (!owns.test(i)) {
                Arrays.fill(views, i * size, (i + 1) * size, (byte) processes.number());
            }
        }
        return views;
    }

    @Test
    void ranksThatCannotBeSharedOutAreRefused() {
        Moco moco = new Moco(Small.config(4, 1), Small.PIXELS);
        ProcessesInOneJvm.run(
                3,
                processes -> assertEquals(
                        "ranks: 4 cannot be shared out to 3 processes, each of which needs as many as the others; "
                                + "start a number of processes that divides the ranks, or set ranks=3",
                        assertThrows(ConfigException.class, () -> moco.on(Device.current(), processes))
                                .getMessage()));
    }

    @Test
    void asManyRanksAtOnceAsAProcessHasInEachRound() {
        ProcessesInOneJvm.run(2, processes -> {
            assertEquals(3, Turns.of(new Ranks(24, 12, 4, 1), processes).ranks().atOnce());
            assertEquals(2, Turns.of(new Ranks(24, 12, 2, 1), processes).ranks().atOnce());
            assertEquals(
                    6, Turns.of(new Ranks(24, 12, 12, 1), processes).ranks().atOnce());
        });
    }
}
