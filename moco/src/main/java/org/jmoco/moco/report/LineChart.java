package org.jmoco.moco.report;

import java.util.List;
import java.util.stream.DoubleStream;

/// Curves over a common axis, as inline SVG.
final class LineChart {
    private static final int WIDTH = 560;
    private static final int HEIGHT = 260;
    private static final int LEFT = 58;
    private static final int RIGHT = 22;
    private static final int TOP = 34;
    private static final int BOTTOM = 36;
    /// More points than a curve has pixels say nothing more; a longer one is averaged piece by piece.
    private static final int MOST_POINTS = 500;

    /// One curve; `x` ascends.
    record Series(String name, double[] x, double[] y) {
        /// At most [#MOST_POINTS] points, each the mean of as many neighbours.
        Series thinned() {
            int piece = (x.length + MOST_POINTS - 1) / MOST_POINTS;
            if (piece <= 1) {
                return this;
            }
            int n = (x.length + piece - 1) / piece;
            double[] xs = new double[n];
            double[] ys = new double[n];
            for (int i = 0; i < n; i++) {
                int to = Math.min(x.length, (i + 1) * piece);
                xs[i] = mean(x, i * piece, to);
                ys[i] = mean(y, i * piece, to);
            }
            return new Series(name, xs, ys);
        }

        private static double mean(double[] values, int from, int to) {
            double sum = 0;
            for (int i = from; i < to; i++) {
                sum += values[i];
            }
            return sum / (to - from);
        }
    }

    private LineChart() {}

    /// @param title  with the unit of y
    /// @param xTitle with the unit of x
    static String of(String title, String xTitle, List<Series> curves) {
        List<Series> series = curves.stream().map(Series::thinned).toList();
        Axis xAxis = Axis.from(
                series.stream().flatMapToDouble(s -> DoubleStream.of(s.x)).toArray());
        Axis yAxis = Axis.over(
                series.stream().flatMapToDouble(s -> DoubleStream.of(s.y)).toArray());
        Svg svg = new Svg(WIDTH, HEIGHT, title);
        svg.text(LEFT, 16, "start", "title", title);
        for (double t : yAxis.ticks()) {
            double y = y(yAxis, t);
            svg.line(LEFT, y, WIDTH - RIGHT, y, "grid").text(LEFT - 6, y + 4, "end", "tick", yAxis.label(t));
        }
        for (double t : xAxis.ticks()) {
            svg.text(x(xAxis, t), HEIGHT - BOTTOM + 16, "middle", "tick", xAxis.label(t));
        }
        svg.text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 4, "middle", "tick", xTitle);
        for (int i = 0; i < series.size(); i++) {
            Series s = series.get(i);
            svg.path(map(s.x, v -> x(xAxis, v)), map(s.y, v -> y(yAxis, v)), "stroke:" + Palette.of(i));
            for (int k = 0; s.x.length <= 60 && k < s.x.length; k++) {
                if (Double.isFinite(s.y[k])) {
                    svg.circle(
                            x(xAxis, s.x[k]),
                            y(yAxis, s.y[k]),
                            2.5,
                            "fill:" + Palette.of(i),
                            s.name + ": " + yAxis.label(s.y[k]) + " at " + xAxis.label(s.x[k]));
                }
            }
        }
        return svg
                + (series.size() > 1
                        ? Palette.legend(series.stream().map(Series::name).toList())
                        : "");
    }

    private static double[] map(double[] values, java.util.function.DoubleUnaryOperator place) {
        return DoubleStream.of(values).map(place).toArray();
    }

    private static double x(Axis axis, double value) {
        return LEFT + axis.place(value) * (WIDTH - LEFT - RIGHT);
    }

    private static double y(Axis axis, double value) {
        return HEIGHT - BOTTOM - axis.place(value) * (HEIGHT - TOP - BOTTOM);
    }
}
