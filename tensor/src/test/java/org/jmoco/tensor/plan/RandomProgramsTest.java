package org.jmoco.tensor.plan;

import org.junit.jupiter.api.Test;

/// Programs that nobody would write: with results over operands and without, on any number of threads, they give the same bits, and the values of the reference.
class RandomProgramsTest {
    private static final int PROGRAMS = Integer.getInteger("jmoco.randomPrograms", 400);

    @Test
    void everyPlanGivesTheSameBits() {
        for (int seed = 0; seed < PROGRAMS; seed++) {
            RandomProgram.of(seed).runs(3);
        }
    }
}
