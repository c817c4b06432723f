package org.jmoco.eval.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.jmoco.tensor.random.Philox;
import org.junit.jupiter.api.Test;

class AveragePrecisionTest {
    /// 10,000 random sets with ties and ignored items against the definitions, written as they stand.
    @Test
    void randomSetsEqualThePlainDefinitions() {
        Philox draws = new Philox(7, 0, 0, 0);
        for (int set = 0; set < 10_000; set++) {
            int n = 1 + draws.below(30);
            double[] scores = new double[n];
            int[] labels = new int[n];
            for (int i = 0; i < n; i++) {
                scores[i] = draws.below(8) / 4.0 - 1; // few values, so many ties
                labels[i] = draws.below(3) - 1;
            }
            labels[draws.below(n)] = 1;
            Ranking ranking = Ranking.of(scores, labels);
            assertEquals(area(scores, labels), AveragePrecision.area(ranking), 1e-9, "area, set " + set);
            assertEquals(
                    together(scores, labels), AveragePrecision.areaTogether(ranking), 1e-9, "together, set " + set);
            assertEquals(stepwise(scores, labels), AveragePrecision.stepwise(ranking), 1e-9, "step-wise, set " + set);
            assertEquals(
                    elevenPoint(scores, labels), AveragePrecision.elevenPoint(ranking), 1e-9, "11-point, set " + set);
        }
    }

    /// For each positive item the best precision among the thresholds at or below its score.
    private static double together(double[] scores, int[] labels) {
        double sum = 0;
        int positives = 0;
        for (int i = 0; i < scores.length; i++) {
            double best = 0;
            for (double threshold : scores) {
                if (labels[i] != 1 || threshold > scores[i]) {
                    continue;
                }
                int hits = 0;
                int seen = 0;
                for (int j = 0; j < scores.length; j++) {
                    boolean taken = labels[j] >= 0 && scores[j] >= threshold;
                    seen += taken ? 1 : 0;
                    hits += taken && labels[j] == 1 ? 1 : 0;
                }
                best = Math.max(best, (double) hits / seen);
            }
            positives += labels[i] == 1 ? 1 : 0;
            sum += best;
        }
        return sum / positives;
    }

    @Test
    void equalScoresAreCountedWhereTheyDecide() {
        double[] scores = {3, 3, 2, 2, 2, 1, 0};
        int[] labels = {1, 1, 1, 0, -1, 0, 1};
        Ties ties = Ties.of(new double[][] {scores}, new int[][] {labels});
        assertEquals(2 / 6.0, ties.share(), 1e-12, "the two of score 2 that count");
        assertEquals((1 + 1 + 0.75 + 4 / 6.0) / 4, ties.together(), 1e-12);
        assertEquals(
                "warning: mAP: 33.3 % of the scores are equal to one of an item of the other side, and ranked by the "
                        + "protocol's rule, the later item first; taken in together they give 85.42 %",
                ties.warning("mAP").orElseThrow());
        labels[3] = -1;
        assertTrue(Ties.of(new double[][] {scores}, new int[][] {labels})
                .warning("mAP")
                .isEmpty());
    }

    /// A resample scores as the set in which every item stands as often as it was drawn.
    @Test
    void aResampleIsTheSetWithItsCopies() {
        Philox draws = new Philox(8, 0, 0, 0);
        for (int set = 0; set < 1_000; set++) {
            int n = 1 + draws.below(20);
            double[] scores = new double[n];
            int[] labels = new int[n];
            int[] counts = new int[n];
            int[] order = draws.permutation(n);
            List<Integer> drawn = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                scores[i] = order[i]; // no ties: copies of one item would lie between those of another
                labels[i] = draws.below(3) - 1;
                counts[i] = draws.below(4);
                for (int copy = 0; copy < counts[i]; copy++) {
                    drawn.add(i);
                }
            }
            double[] copiedScores = drawn.stream().mapToDouble(i -> scores[i]).toArray();
            int[] copiedLabels = drawn.stream().mapToInt(i -> labels[i]).toArray();
            boolean defined = drawn.stream().anyMatch(i -> labels[i] == 1);
            double expected = defined ? area(copiedScores, copiedLabels) : Double.NaN;
            assertEquals(expected, AveragePrecision.area(Ranking.of(scores, labels), counts), 1e-9, "set " + set);
        }
    }

    /// Kept items by falling score, ties in reverse order of index.
    private static List<Integer> order(double[] scores, int[] labels) {
        List<Integer> order = new ArrayList<>();
        for (int i = scores.length - 1; i >= 0; i--) {
            if (labels[i] >= 0) {
                order.add(i);
            }
        }
        order.sort((a, b) -> Double.compare(scores[b], scores[a])); // stable
        return order;
    }

    private static double[][] precisionAndRecall(double[] scores, int[] labels) {
        List<Integer> order = order(scores, labels);
        long positives = order.stream().filter(i -> labels[i] == 1).count();
        double[] precision = new double[order.size()];
        double[] recall = new double[order.size()];
        double hits = 0;
        for (int r = 0; r < order.size(); r++) {
            hits += labels[order.get(r)];
            precision[r] = hits / (r + 1);
            recall[r] = hits / positives;
        }
        return new double[][] {precision, recall};
    }

    private static double area(double[] scores, int[] labels) {
        double[][] pr = precisionAndRecall(scores, labels);
        double area = 0;
        for (int r = 0; r < pr[0].length; r++) {
            double best = 0;
            for (int s = r; s < pr[0].length; s++) {
                best = Math.max(best, pr[0][s]);
            }
            area += (pr[1][r] - (r == 0 ? 0 : pr[1][r - 1])) * best;
        }
        return area;
    }

    private static double stepwise(double[] scores, int[] labels) {
        List<Integer> order = order(scores, labels);
        double[][] pr = precisionAndRecall(scores, labels);
        double sum = 0;
        double before = 0;
        for (int r = 0; r < order.size(); r++) {
            boolean lastOfItsScore = r == order.size() - 1 || scores[order.get(r)] != scores[order.get(r + 1)];
            if (lastOfItsScore) {
                sum += (pr[1][r] - before) * pr[0][r];
                before = pr[1][r];
            }
        }
        return sum;
    }

    private static double elevenPoint(double[] scores, int[] labels) {
        double[][] pr = precisionAndRecall(scores, labels);
        double sum = 0;
        for (int t = 0; t <= 10; t++) {
            double best = 0;
            for (int r = 0; r < pr[0].length; r++) {
                if (pr[1][r] >= t / 10.0) {
                    best = Math.max(best, pr[0][r]);
                }
            }
            sum += best;
        }
        return sum / 11;
    }

    @Test
    void aSetWithoutPositivesIsRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> AveragePrecision.area(Ranking.of(new double[] {1, 2}, new int[] {0, -1})));
        assertThrows(IllegalArgumentException.class, () -> Ranking.of(new double[] {1}, new int[] {0, 1}));
        assertThrows(IllegalArgumentException.class, () -> Ranking.of(new double[] {1}, new int[] {2}));
    }
}
