package org.jmoco.moco.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jmoco.eval.metrics.Interpolation;
import org.jmoco.eval.metrics.MatchedDetections;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.Items;
import org.jmoco.eval.result.Metric;
import org.jmoco.eval.result.Provenance;
import org.jmoco.eval.result.ResultTable;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class ChartsTest {
    @Test
    void axesEndAtRoundNumbers() {
        assertEquals(new Axis(0, 10, 2), Axis.over(0.3, 9.7));
        assertEquals(
                List.of("0", "2", "4", "6", "8", "10"),
                Axis.over(0.3, 9.7).ticks().stream()
                        .map(Axis.over(0.3, 9.7)::label)
                        .toList());
        Axis small = Axis.over(0.001, 0.0042);
        assertEquals("0.001", small.label(small.ticks().getFirst()));
        assertEquals("20,000", Axis.over(0, 100_000).label(20_000));
        assertEquals("0", Axis.over(-1, 1).label(-0.0));
    }

    @Test
    void axesOfNothingAndOfOneValueStillHaveARange() {
        assertTrue(Axis.over().high() > Axis.over().low());
        assertTrue(Axis.over(5).high() > Axis.over(5).low());
        assertTrue(Axis.over(Double.NaN, 1, 2).high() >= 2);
    }

    @Test
    void longCurvesAreAveragedPieceByPiece() {
        double[] x = new double[2_000];
        double[] y = new double[2_000];
        for (int i = 0; i < x.length; i++) {
            x[i] = i;
            y[i] = i % 2;
        }
        LineChart.Series thin = new LineChart.Series("", x, y).thinned();
        assertEquals(500, thin.x().length);
        assertEquals(0.5, thin.y()[7]);
    }

    /// One of two cats is found first, so their precision is 1 up to the recall ½; a dog is found behind a mistake.
    @Test
    void precisionOverRecallHasTheMeanAndTheClasses() throws Exception {
        MatchedDetections matched = new MatchedDetections(
                2,
                1,
                List.of(
                        new MatchedDetections.OfClass(new int[] {0, 1}, new int[] {0, 1}, new int[2], new int[] {1}),
                        new MatchedDetections.OfClass(new int[] {0, 1}, new int[] {1, 0}, new int[2], new int[] {0, 1}),
                        new MatchedDetections.OfClass(new int[] {1}, new int[1], new int[1], new int[0])));
        EvaluationResult result = new EvaluationResult(
                "detection",
                List.of(
                        Metric.percent("AP50", new Items.Detected(matched, Interpolation.POINTS_101), 1),
                        Metric.of("AR1", 50, "%")),
                List.of(ResultTable.of("by class", "class", "AP50 %")
                        .plus("dog", 50.0)
                        .plus("cat & co", 50.5)
                        .plus("owl", "")),
                List.of(),
                new Provenance("jmoco", Map.of(), 1, List.of()));
        List<String> cards = PrecisionRecallChart.cards(result);
        assertEquals(1, cards.size());
        wellFormed(cards.getFirst());
        for (String part :
                List.of("precision over recall, AP50", "cat &amp; co 50.5 %", "dog 50.0 %", "mean of 2 classes")) {
            assertTrue(cards.getFirst().contains(part), part);
        }
        assertFalse(cards.getFirst().contains("owl"), "a class without objects has no curve");
        assertTrue(cards.getFirst().indexOf("cat") < cards.getFirst().indexOf("dog"), "more objects come first");
    }

    @Test
    void everyChartIsWellFormed() throws Exception {
        wellFormed(LineChart.of(
                "a < b & \"c\"",
                "step",
                List.of(
                        new LineChart.Series("one", new double[] {1, 2, 3}, new double[] {1, Double.NaN, 3}),
                        new LineChart.Series("two", new double[0], new double[0]))));
        wellFormed(BarChart.of(
                "AP", List.of(new BarChart.Bar("cat & dog", 50), new BarChart.Bar("none", Double.NaN)), 100));
        wellFormed(ScatterMap.of("map", new float[][] {{0, 1}, {0, 1}}, new int[] {0, 5}, List.of("a")));
        wellFormed(ConfusionMatrix.of("who for whom", new long[][] {{3, 1}, {0, 0}}, List.of("a", "b")));
    }

    private static void wellFormed(String chart) throws Exception {
        assertFalse(chart.contains("NaN\"") || chart.contains("Infinity"), chart);
        DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader("<div>" + chart + "</div>")));
    }

    @Test
    void textInAPageIsEscaped() {
        String html = new Page("<script>", "a & b").warning("x < y").html();
        assertTrue(
                html.contains("&lt;script&gt;")
                        && html.contains("a &amp; b")
                        && html.contains("x &lt; y")
                        && !html.contains("<script"),
                html);
    }
}
