package org.jmoco.tensor.plan;

import org.junit.jupiter.api.Test;

/// Programs that nobody would write: with results over operands and without, on any number of threads, they give
/// the same bits, and the values of the reference, rewritten or not. `-Djmoco.randomPrograms=40000` looks for rare
/// mistakes.
class RandomProgramsTest {
    private static final int PROGRAMS = Integer.getInteger("jmoco.randomPrograms", 600);

    @Test
    void everyPlanGivesTheSameBits() {
        for (int seed = 0; seed < PROGRAMS; seed++) {
            RandomProgram.of(seed).runs(3);
        }
    }
}
