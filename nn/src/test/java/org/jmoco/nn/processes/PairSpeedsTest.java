package org.jmoco.nn.processes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PairSpeedsTest {
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 7, 8, 33, 64})
    void everyPairMeetsOnce(int count) {
        Set<List<Integer>> met = new TreeSet<>(Comparator.comparing(List::toString));
        for (int round = 0; round < PairSpeeds.rounds(count); round++) {
            for (int p = 0; p < count; p++) {
                int other = PairSpeeds.partner(p, round, count);
                assertEquals(p, PairSpeeds.partner(other, round, count));
                if (p < other) {
                    assertTrue(met.add(List.of(p, other)));
                }
            }
        }
        assertEquals(count * (count - 1) / 2, met.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void everyProcessKnowsAllPairs(int count) {
        ProcessesInOneJvm.run(count, p -> {
            List<PairSpeeds.Pair> pairs = PairSpeeds.measure(p);
            assertEquals(count * (count - 1) / 2, pairs.size());
            assertTrue(pairs.stream().allMatch(pair -> pair.micros() > 0 && pair.bytesPerSecond() > 0));
        });
    }
}
