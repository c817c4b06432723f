package org.jmoco.eval.metrics;

import it.unimi.dsi.fastutil.doubles.DoubleArrays;
import java.util.Arrays;

/// The items of one class by falling score; ignored items are left out, of equal scores the item with the higher
/// index comes first.
///
/// (The published SVM code sorts by rising score and reads backwards, hence the rule for ties.)
public final class Ranking {

    /// Label of an item that is in the class.
    public static final int POSITIVE = 1;

    /// Label of an item that is not in the class.
    public static final int NEGATIVE = 0;

    /// Label of an item that counts for nothing, such as a "difficult" image of Pascal VOC.
    public static final int IGNORED = -1;

    private final int[] items;
    private final double[] scores;
    private final boolean[] positive;
    private final int positives;
    private final int all;

    private Ranking(int[] items, double[] scores, boolean[] positive, int positives, int all) {
        this.items = items;
        this.scores = scores;
        this.positive = positive;
        this.positives = positives;
        this.all = all;
    }

    /// Ranks items.
    ///
    /// @param scores `[n]`, higher means more likely in the class @param labels `[n]`, each 1, 0 or −1 (ignored)
    /// @throws IllegalArgumentException if the lengths differ, a score that counts is NaN, or a label is none of
    ///     the three
    public static Ranking of(double[] scores, int[] labels) {
        if (scores.length != labels.length) {
            throw new IllegalArgumentException(
                    "ranking: " + scores.length + " scores for " + labels.length + " labels");
        }
        int kept = 0;
        int[] rising = new int[scores.length];
        double[] keys = new double[scores.length];
        for (int i = 0; i < scores.length; i++) {
            if (labels[i] < IGNORED || labels[i] > POSITIVE) {
                throw new IllegalArgumentException(
                        "ranking: label " + labels[i] + " of item " + i + " is none of 1, 0, -1");
            }
            if (labels[i] != IGNORED) {
                if (Double.isNaN(scores[i])) {
                    throw new IllegalArgumentException("ranking: the score of item " + i + " is NaN");
                }
                rising[kept++] = i;
            }
            keys[i] = scores[i] + 0.0; // −0 ties with 0
        }
        rising = Arrays.copyOf(rising, kept);
        DoubleArrays.radixSortIndirect(rising, keys, true);
        int[] items = new int[kept];
        double[] sorted = new double[kept];
        boolean[] positive = new boolean[kept];
        int positives = 0;
        for (int r = 0; r < kept; r++) {
            int item = rising[kept - 1 - r];
            items[r] = item;
            sorted[r] = keys[item];
            positive[r] = labels[item] == POSITIVE;
            positives += positive[r] ? 1 : 0;
        }
        return new Ranking(items, sorted, positive, positives, scores.length);
    }

    /// Items that were given, ranked or ignored.
    public int items() {
        return all;
    }

    /// Items that are ranked.
    public int size() {
        return items.length;
    }

    /// Items that are ranked and in the class.
    public int positives() {
        return positives;
    }

    /// How many items have the score of an item of the other label: their order is the rule for ties alone.
    public int undecided() {
        int undecided = 0;
        int hits = 0;
        int from = 0;
        for (int r = 0; r < size(); r++) {
            hits += positive[r] ? 1 : 0;
            if (r + 1 == size() || scores[r + 1] != scores[r]) {
                undecided += hits > 0 && hits < r + 1 - from ? r + 1 - from : 0;
                hits = 0;
                from = r + 1;
            }
        }
        return undecided;
    }

    /// The item at a rank, counted from 0.
    public int item(int rank) {
        return items[rank];
    }

    double score(int rank) {
        return scores[rank];
    }

    boolean positive(int rank) {
        return positive[rank];
    }
}
