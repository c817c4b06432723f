package org.jmoco.moco.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// Curves over a few named places that stand at equal distances, such as numbers of shots or stages of a network,
/// each in a band that shows its uncertainty.
final class BandChart {
    private static final int WIDTH = 560;
    private static final int HEIGHT = 280;
    private static final int LEFT = 58;
    private static final int RIGHT = 22;
    private static final int TOP = 34;
    private static final int BOTTOM = 40;

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
        Svg svg = new Svg(WIDTH, HEIGHT, title);
        svg.text(LEFT, 16, "start", "title", title);
        for (double t : axis.ticks()) {
            svg.line(LEFT, y(axis, t), WIDTH - RIGHT, y(axis, t), "grid")
                    .text(LEFT - 6, y(axis, t) + 4, "end", "tick", axis.label(t));
        }
        for (int i = 0; i < places.size(); i++) {
            svg.text(x(i, places.size()), HEIGHT - BOTTOM + 16, "middle", "tick", places.get(i));
        }
        svg.text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 4, "middle", "tick", xTitle);
        double[] x = IntStream.range(0, places.size())
                .mapToDouble(i -> x(i, places.size()))
                .toArray();
        for (int c = 0; c < curves.size(); c++) {
            List<Point> points = curves.get(c).points;
            svg.band(
                    x,
                    points.stream().mapToDouble(p -> y(axis, p.low)).toArray(),
                    points.stream().mapToDouble(p -> y(axis, p.high)).toArray(),
                    "fill:" + Palette.of(c) + ";fill-opacity:.18");
            svg.path(x, points.stream().mapToDouble(p -> y(axis, p.value)).toArray(), "stroke:" + Palette.of(c));
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
                    svg.circle(x[i], y(axis, p.value), 3, "fill:" + Palette.of(c), tip);
                }
            }
        }
        return svg
                + (curves.size() > 1
                        ? Palette.legend(curves.stream().map(Curve::name).toList())
                        : "");
    }

    /// Whether there is anything to draw a curve through.
    static boolean isWorthwhile(List<Curve> curves) {
        return curves.stream()
                .anyMatch(c ->
                        c.points.stream().filter(p -> Double.isFinite(p.value)).count() > 1);
    }

    private static double x(int place, int places) {
        return LEFT + (place + 0.5) / places * (WIDTH - LEFT - RIGHT);
    }

    private static double y(Axis axis, double value) {
        return HEIGHT - BOTTOM - axis.place(value) * (HEIGHT - TOP - BOTTOM);
    }
}
