package org.jmoco.eval.boxes;

import java.util.Arrays;

/// Numbers of items by falling score, of equal scores the lower number first (a stable sort).
public final class ScoreOrder {
    private ScoreOrder() {}

    /// All items.
    ///
    /// @throws IllegalArgumentException if a score is NaN
    public static int[] descending(float... scores) {
        return top(scores, scores.length);
    }

    /// The first `k` of them, or all if there are fewer.
    ///
    /// @throws IllegalArgumentException if a score is NaN
    public static int[] top(float[] scores, int k) {
        long[] keys = new long[scores.length];
        for (int i = 0; i < keys.length; i++) {
            if (Float.isNaN(scores[i])) {
                throw new IllegalArgumentException("the score of item " + i + " is NaN");
            }
            keys[i] = (long) rank(scores[i]) << 32 | i;
        }
        Arrays.sort(keys);
        int[] order = new int[Math.min(k, keys.length)];
        for (int i = 0; i < order.length; i++) {
            order[i] = (int) keys[i];
        }
        return order;
    }

    /// An int that grows as the score falls; the same for both zeros.
    private static int rank(float score) {
        int bits = Float.floatToIntBits(score + 0f);
        return bits < 0 ? bits & Integer.MAX_VALUE : ~bits;
    }
}
