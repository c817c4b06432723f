package org.jmoco.eval.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
            assertEquals(stepwise(scores, labels), AveragePrecision.stepwise(ranking), 1e-9, "step-wise, set " + set);
            assertEquals(
                    elevenPoint(scores, labels), AveragePrecision.elevenPoint(ranking), 1e-9, "11-point, set " + set);
        }
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
