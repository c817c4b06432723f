package org.jmoco.eval.boxes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.jmoco.eval.EvalFixtures;
import org.jmoco.tensor.io.SafeTensors;
import org.junit.jupiter.api.Test;

class NmsTest {
    /// The generator of the script that made the fixture.
    private static final class Numbers {
        private long state = 20;

        int below(int bound) {
            state = state * 6364136223846793005L + 1442695040888963407L;
            return (int) (state >>> 33) % bound;
        }
    }

    @Test
    void aThousandCasesWithTiesAreTorchvisions() {
        SafeTensors fixture = EvalFixtures.tensors("boxes/nms.safetensors");
        int[] kept = fixture.get("kept").toIntArray();
        int[] byClass = fixture.get("by_class").toIntArray();
        Numbers numbers = new Numbers();
        for (int test = 0; test < kept.length; test++) {
            int n = numbers.below(150);
            int spread = test % 2 == 1 ? 40 : 400;
            float[] sides = new float[4 * n];
            float[] scores = new float[n];
            int[] classes = new int[n];
            for (int i = 0; i < n; i++) {
                sides[4 * i] = numbers.below(spread) / 4f;
                sides[4 * i + 1] = numbers.below(spread) / 4f;
                sides[4 * i + 2] = sides[4 * i] + numbers.below(100) / 4f;
                sides[4 * i + 3] = sides[4 * i + 1] + numbers.below(100) / 4f;
                scores[i] = numbers.below(12) / 16f;
                classes[i] = numbers.below(3);
            }
            double threshold = new double[] {0.3, 0.5, 0.7}[test % 3];
            Boxes boxes = Boxes.of(sides);
            int[] ours = Nms.keep(boxes, scores, threshold, Integer.MAX_VALUE);
            assertEquals(kept[test], Arrays.hashCode(ours), "case " + test);
            assertArrayEquals(Arrays.copyOf(ours, Math.min(5, ours.length)), Nms.keep(boxes, scores, threshold, 5));
            assertEquals(
                    byClass[test],
                    Arrays.hashCode(Nms.keepByClass(boxes, scores, classes, threshold, Integer.MAX_VALUE)),
                    "classes of case " + test);
        }
    }

    @Test
    void atTheThresholdABoxStays() {
        Boxes boxes = Boxes.of(0, 0, 2, 1, 0, 0, 1, 1);
        assertArrayEquals(new int[] {1, 0}, Nms.keep(boxes, new float[] {0.5f, 0.9f}, 0.5, 10));
        assertArrayEquals(new int[] {1}, Nms.keep(boxes, new float[] {0.5f, 0.9f}, Math.nextDown(0.5), 10));
    }

    @Test
    void aScoreThatIsNoNumberIsNamed() {
        assertEquals(
                "the score of item 1 is NaN",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Nms.keep(Boxes.of(0, 0, 1, 1, 0, 0, 1, 1), new float[] {1, Float.NaN}, 0.5, 2))
                        .getMessage());
    }

    @Test
    void scoresFallAndTiesKeepTheirOrder() {
        assertArrayEquals(
                new int[] {4, 1, 3, 0, 5, 2},
                ScoreOrder.descending(-0f, 2, Float.NEGATIVE_INFINITY, 2, Float.POSITIVE_INFINITY, 0));
        assertArrayEquals(new int[] {2, 0}, ScoreOrder.top(new float[] {-1, -3, -0.5f}, 2));
    }
}
