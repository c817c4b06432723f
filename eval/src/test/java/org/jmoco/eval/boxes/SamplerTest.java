package org.jmoco.eval.boxes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplerTest {
    private static byte[] labels(int positives, int negatives, int ignored) {
        byte[] labels = new byte[positives + negatives + ignored];
        Arrays.fill(labels, 0, positives, Matcher.POSITIVE);
        Arrays.fill(labels, positives + negatives, labels.length, Matcher.IGNORED);
        return labels;
    }

    private static Sampler.Sample draw(byte[] labels, int count, int most, int step) {
        return Sampler.draw(labels, count, most, Sampler.stream(7, step, 3, Sampler.Purpose.ANCHORS));
    }

    @Test
    void sharesAndShortages() {
        Sampler.Sample plenty = draw(labels(40, 500, 9), 64, 16, 0);
        assertEquals(16, plenty.positives().length);
        assertEquals(48, plenty.negatives().length);
        Sampler.Sample few = draw(labels(3, 500, 9), 64, 16, 0);
        assertEquals(3, few.positives().length);
        assertEquals(61, few.negatives().length);
        Sampler.Sample scarce = draw(labels(3, 5, 9), 64, 16, 0);
        assertArrayEquals(
                new int[] {0, 1, 2}, IntStream.of(scarce.positives()).sorted().toArray());
        assertArrayEquals(
                new int[] {3, 4, 5, 6, 7},
                IntStream.of(scarce.negatives()).sorted().toArray());
    }

    /// Each item is drawn as often as any other, within five standard deviations, and never twice at once.
    @Test
    void drawsAreUniformWithoutReplacement() {
        int[] times = new int[50];
        for (int step = 0; step < 4_000; step++) {
            int[] negatives = draw(labels(0, 50, 0), 10, 0, step).negatives();
            assertEquals(10, IntStream.of(negatives).distinct().count());
            for (int i : negatives) {
                times[i]++;
            }
        }
        for (int count : times) {
            assertEquals(800, count, 5 * Math.sqrt(4_000 * 0.2 * 0.8));
        }
    }

    @Test
    void seedStepImageAndPurposeDecide() {
        byte[] labels = labels(50, 500, 0);
        int[] once = draw(labels, 20, 10, 1).positives();
        assertArrayEquals(once, draw(labels, 20, 10, 1).positives());
        assertFalse(Arrays.equals(once, draw(labels, 20, 10, 2).positives()));
        int[] other = Sampler.draw(labels, 20, 10, Sampler.stream(7, 1, 3, Sampler.Purpose.PROPOSALS))
                .positives();
        assertTrue(!Arrays.equals(once, other));
    }
}
