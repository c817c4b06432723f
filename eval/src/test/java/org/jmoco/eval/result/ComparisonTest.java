package org.jmoco.eval.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.jmoco.eval.LabelMatrix;
import org.jmoco.eval.stats.McNemar;
import org.jmoco.nn.data.DataException;
import org.jmoco.tensor.random.Philox;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static final List<String> NAMES = List.of("A", "B");

    private static EvaluationResult result(String protocol, Metric... metrics) {
        return new EvaluationResult(
                protocol, List.of(metrics), List.of(), List.of(), new Provenance("jmoco", Map.of(), 0, List.of()));
    }

    private static Metric accuracy(int n, int wrongEvery, int label) {
        boolean[] correct = new boolean[n];
        int[] labels = new int[n];
        for (int i = 0; i < n; i++) {
            correct[i] = i % wrongEvery != 0;
            labels[i] = label;
        }
        return Metric.percent("top-1", new Items.Correct(correct, labels), 1);
    }

    @Test
    void classifiedItemsAreComparedByMcNemarAndHalfSamples() {
        List<Comparison> c =
                Comparison.of(NAMES, result("p", accuracy(300, 10, 0)), result("p", accuracy(300, 3, 0)), 1);
        assertEquals(1, c.size());
        assertEquals(90 - 100 * 2.0 / 3, c.getFirst().difference().value(), 1e-9);
        // wrong in A alone: multiples of 10 that are none of 3; in B alone: the other way round
        McNemar exact = c.getFirst().mcNemar().orElseThrow();
        assertEquals(20, exact.onlySecond());
        assertEquals(90, exact.onlyFirst());
        assertTrue(
                exact.pValue() < 1e-9
                        && c.getFirst().pValue() < 0.01
                        && c.getFirst().difference().low() > 0,
                c.toString());
    }

    @Test
    void rankedItemsAreComparedByHalfSamples() {
        Philox draws = new Philox(5, 0, 0, 0);
        int n = 200;
        int[][] labels = new int[n][2];
        double[][][] good = new double[1][2][n];
        double[][][] poor = new double[1][2][n];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < 2; k++) {
                labels[i][k] = draws.below(4) == 0 ? 1 : 0;
                good[0][k][i] = labels[i][k] + 0.5 * draws.nextNormal();
                poor[0][k][i] = labels[i][k] + 2 * draws.nextNormal();
            }
        }
        LabelMatrix known = LabelMatrix.of(labels);
        Metric a = Metric.percent("mAP", new Items.Ranked(good, known), 1);
        Metric b = Metric.percent("mAP", new Items.Ranked(poor, known), 1);
        Comparison c = Comparison.of(NAMES, result("p", a), result("p", b), 1).getFirst();
        assertEquals(a.value() - b.value(), c.difference().value(), 1e-9);
        assertTrue(c.pValue() < 0.01 && c.mcNemar().isEmpty(), c.toString());
        assertEquals(
                1,
                Comparison.of(NAMES, result("p", a), result("p", a), 1)
                        .getFirst()
                        .pValue());
    }

    @Test
    void onlyTheSameProtocolAndItemsCompare() {
        Metric a = accuracy(30, 7, 0);
        refused("the protocols differ, p and q", result("p", a), result("q", a));
        refused("no metric has its items in both", result("p", a), result("p", Metric.of("top-1", 3, "%")));
        refused("their labels differ", result("p", a), result("p", accuracy(30, 7, 1)));
        refused("30 and of 31 items", result("p", a), result("p", accuracy(31, 7, 0)));
    }

    private static void refused(String why, EvaluationResult a, EvaluationResult b) {
        String message = assertThrows(DataException.class, () -> Comparison.of(NAMES, a, b, 1))
                .getMessage();
        assertTrue(
                message.startsWith("A and B: ")
                        && message.contains(why)
                        && message.lines().count() == 1,
                message);
    }
}
