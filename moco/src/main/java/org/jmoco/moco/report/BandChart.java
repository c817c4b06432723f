package org.jmoco.moco.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// Curves over a few named places that stand at equal distances, such as numbers of shots or stages of a network,
/// each in a band that shows its uncertainty.
final class BandChart {
    /// A value and what it may be.
    ///
    /// @param low the band's lower edge, `value` if nothing is known   @param high its upper edge
    record Point(double value, double low, double high) {}

    /// @param points one for each place, NaN where there is none
    record Curve(String name, List<Point> points) {}

    private BandChart() {}

    /// @param title  with the unit of the values   @param places from left to right   @param xTitle what the places are
    static String of(String title, String xTitle, List<String> places, List<Curve> curves) {
        Axis axis = Axis.over(curves.stream()
                .flatMap(c -> c.points.stream())
                .flatMapToDouble(p -> DoubleStream.of(p.low, p.high))
                .toArray());
        return Drawing.of(
                title,
                "",
                curves.size() > 1
                        ? Marks.legendOfLines(curves.stream().map(Curve::name).toList(), curves.size())
                        : "",
                size -> draw(size, title, xTitle, places, curves, axis));
    }

    private static Svg draw(
            Drawing.Size size, String title, String xTitle, List<String> places, List<Curve> curves, Axis axis) {
        Plot plot = new Plot(size, title, axis, xTitle, places);
        int n = places.size();
        double[] x = IntStream.range(0, n).mapToDouble(i -> plot.x(i, n)).toArray();
        for (int c = 0; c < curves.size(); c++) {
            List<Point> points = curves.get(c).points;
            plot.svg.band(
                    x,
                    points.stream().mapToDouble(p -> plot.y(p.low)).toArray(),
                    points.stream().mapToDouble(p -> plot.y(p.high)).toArray(),
                    Marks.colour(c));
            plot.svg.path(x, points.stream().mapToDouble(p -> plot.y(p.value)).toArray(), "curve", Marks.line(c));
            for (int i = 0; i < points.size(); i++) {
                Point p = points.get(i);
                if (Double.isFinite(p.value)) {
                    String tip = String.format(
                            Locale.ROOT,
                            "%s, %s: %.2f (%.2f to %.2f)",
                            curves.get(c).name,
                            places.get(i),
                            p.value,
                            p.low,
                            p.high);
                    plot.svg.mark(c, x[i], plot.y(p.value), 3.5, tip);
                }
            }
        }
        return plot.svg;
    }

    /// Whether there is anything to draw a curve through.
    static boolean isWorthwhile(List<Curve> curves) {
        return curves.stream()
                .anyMatch(c ->
                        c.points.stream().filter(p -> Double.isFinite(p.value)).count() > 1);
    }
}
