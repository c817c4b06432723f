package org.jmoco.moco.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
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
        LineChart.Series thin = new LineChart.Series("", x, y).thinned(500);
        assertEquals(500, thin.x().length);
        assertEquals(0.5, thin.y()[7]);
    }

    @Test
    void smoothingTakesTheNoiseAndLeavesASlope() {
        double[] x = IntStream.range(0, 400).mapToDouble(i -> i).toArray();
        double[] noise = IntStream.range(0, 400).mapToDouble(i -> i % 2).toArray();
        double[] slope = IntStream.range(0, 400).mapToDouble(i -> 3 - 0.5 * i).toArray();
        double[] smooth = new LineChart.Series("", x, noise, true).smoothed().y();
        for (int i = 40; i < 360; i++) {
            assertEquals(0.5, smooth[i], 0.03);
        }
        assertArrayEquals(
                slope, new LineChart.Series("", x, slope, true).smoothed().y(), 1e-9);
        assertEquals(0, smooth[0], "an end is what was measured there");
        assertFalse(new LineChart.Series("", new double[60], new double[60], true).isSmoothed());
    }

    @Test
    void aRareSpikeDoesNotFlattenTheCurve() {
        double[] x = IntStream.range(0, 200).mapToDouble(i -> i).toArray();
        double[] y = IntStream.range(0, 200)
                .mapToDouble(i -> i == 0 ? 9_000 : 70 + i % 3)
                .toArray();
        String chart = LineChart.of("ms", "step", List.of(new LineChart.Series("ms", x, y, true)));
        assertFalse(chart.contains("0,000") || chart.contains("8,000"), chart);
    }

    @Test
    void everySeriesHasAMarkAndALineOfItsOwn() {
        Set<String> shapes = new HashSet<>();
        Set<String> lines = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            shapes.add(Marks.shape(i, 10, 10, 4));
            lines.add(Marks.line(i));
        }
        assertEquals(10, shapes.size());
        assertEquals(10, lines.size());
    }

    @Test
    void numbersOfAColumnHaveEquallyManyDecimals() {
        assertEquals(List.of("0.50", "12.25", "", "−1.00"), Numbers.column("AP %", List.of(0.5, 12.25, "", -1.0)));
        assertEquals(List.of("0.0123", "0.5000"), Numbers.column("p images", List.of(0.0123, 0.5)));
        assertEquals(List.of("12,000", "7"), Numbers.column("pixels", List.of(12_000L, 7)));
        assertEquals(List.of("1.00e-06", "100"), Numbers.column("cost", List.of(1e-6, 100.0)));
        assertEquals("+3.60", Numbers.gain(3.6));
        assertEquals("−3.60", Numbers.gain(-3.6));
    }

    @Test
    void mistakesAreNamedTheMostFrequentFirst() {
        long[][] counts = {{6, 4, 0}, {1, 9, 0}, {0, 0, 0}};
        assertEquals(
                "Most often mistaken: cat for dog (40 %), dog for cat (10 %).",
                ConfusionMatrix.mistakes(counts, List.of("cat", "dog", "owl")));
        assertEquals("", ConfusionMatrix.mistakes(new long[][] {{3}}, List.of("cat")));
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
        wellFormed(RowChart.bars("AP", List.of(row("cat & dog", 50), row("none", Double.NaN)), 100));
        wellFormed(RowChart.ranges("AP", List.of("a", "b"), List.of(row("cat & dog", 50), row("none", Double.NaN))));
        wellFormed(ScatterMap.of("map", new float[][] {{0, 1}, {0, 1}}, new int[] {0, 5}, List.of("a")));
        wellFormed(ConfusionMatrix.of("who for whom", new long[][] {{3, 1}, {0, 0}}, List.of("a", "b")));
    }

    private static RowChart.Row row(String name, double value) {
        return new RowChart.Row(
                name, false, List.of(new RowChart.Point(0, value, value - 1, value + 1)), "50.00", "small & well");
    }

    private static void wellFormed(String chart) throws Exception {
        assertFalse(chart.contains("NaN\"") || chart.contains("Infinity"), chart);
        DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader("<div>" + chart + "</div>")));
    }

    @Test
    void textInAPageIsEscaped() {
        String html = new Page("<script>", List.of("a & b")).warning("x < y").html();
        assertTrue(
                html.contains("&lt;script&gt;")
                        && html.contains("a &amp; b")
                        && html.contains("x &lt; y")
                        && !html.contains("<script"),
                html);
    }
}
