package org.jmoco.moco.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
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
