package org.jmoco.moco.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/// Curves over a common axis, as inline SVG. A curve with a value for every step is drawn smoothed, what was measured
/// faintly behind it.
final class LineChart {
    /// More points than every other pixel say nothing more; a longer curve is averaged piece by piece.
    private static final int PIXELS_A_POINT = 2;
    /// A curve of fewer points is shown as it is, with a mark for each.
    private static final int FEW = 60;
    private static final int FEW_CURVES = 3;
    /// What lies outside these shares of the measured values may fall off the chart, such as the first step, in which
    /// everything is compiled.
    private static final double RARE = 0.01;

    /// One curve; `x` ascends.
    ///
    /// @param noisy whether each value is a single draw of something that moves slowly
    record Series(String name, double[] x, double[] y, boolean noisy) {
        Series(String name, double[] x, double[] y) {
            this(name, x, y, false);
        }

        /// At most so many points, each the mean of as many neighbours.
        Series thinned(int most) {
            int piece = (x.length + most - 1) / most;
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
            return new Series(name, xs, ys, noisy);
        }

        /// Each value the mean of those around it, a twentieth of the curve; towards the ends of fewer, as many on
        /// either side, so that a slope stays a slope.
        Series smoothed() {
            int reach = Math.max(2, x.length / 40);
            double[] ys = new double[y.length];
            for (int i = 0; i < ys.length; i++) {
                int half = Math.min(reach, Math.min(i, ys.length - 1 - i));
                ys[i] = mean(y, i - half, i + half + 1);
            }
            return new Series(name, x, ys, false);
        }

        boolean isSmoothed() {
            return noisy && x.length > FEW;
        }

        private static double mean(double[] values, int from, int to) {
            double sum = 0;
            for (int i = from; i < to; i++) {
                sum += values[i];
            }
            return sum / (to - from);
        }
    }

    /// Something to hold the curves against, the same everywhere.
    record Level(String name, double value) {}

    private LineChart() {}

    /// @param title  with the unit of y   @param xTitle with the unit of x
    static String of(String title, String xTitle, List<Series> curves) {
        return of(title, "", xTitle, curves, List.of());
    }

    /// @param note what to make of it, or empty   @param levels are dashed, after the curves in the legend
    static String of(String title, String note, String xTitle, List<Series> curves, List<Level> levels) {
        Axis y = Axis.over(DoubleStream.concat(
                        curves.stream().flatMapToDouble(LineChart::range),
                        levels.stream().mapToDouble(Level::value))
                .toArray());
        List<String> names = new ArrayList<>(curves.stream().map(Series::name).toList());
        levels.forEach(level -> names.add(level.name));
        int marked = curves.stream().allMatch(s -> s.x.length <= FEW) ? curves.size() : 0;
        return Drawing.of(
                title,
                note,
                names.size() > 1 ? Marks.legendOfLines(names, marked) : "",
                size -> draw(size, title, xTitle, curves, levels, y));
    }

    /// The values that the vertical axis must hold.
    private static DoubleStream range(Series s) {
        if (!s.isSmoothed()) {
            return DoubleStream.of(s.y);
        }
        double[] sorted = DoubleStream.of(s.y).filter(Double::isFinite).sorted().toArray();
        int rare = (int) (RARE * sorted.length);
        double[] usual = Arrays.copyOfRange(sorted, rare, sorted.length - rare);
        return DoubleStream.of(usual);
    }

    private static Svg draw(
            Drawing.Size size, String title, String xTitle, List<Series> curves, List<Level> levels, Axis y) {
        Axis x = Axis.from(curves.stream()
                        .flatMapToDouble(s -> DoubleStream.of(s.x))
                        .toArray())
                .parts(size.ticks());
        Plot plot = new Plot(size, title, y, xTitle);
        plot.numbers(x);
        int most = size.width() / PIXELS_A_POINT;
        for (int i = 0; i < levels.size(); i++) {
            double at = levels.get(i).value;
            plot.svg.path(plot.xs(x, x.low(), x.high()), plot.ys(at, at), "curve", Marks.line(curves.size() + i));
        }
        for (int i = 0; i < curves.size(); i++) {
            Series s = curves.get(i);
            if (s.isSmoothed()) {
                // Behind more than a few curves it would be a haze.
                if (curves.size() <= FEW_CURVES) {
                    Series measured = s.thinned(most);
                    plot.svg.path(plot.xs(x, measured.x), plot.ys(measured.y), "faint", "stroke:" + Marks.colour(i));
                }
                s = s.smoothed();
            }
            Series shown = s.thinned(most);
            plot.svg.path(plot.xs(x, shown.x), plot.ys(shown.y), "curve", Marks.line(i));
            for (int k = 0; s.x.length <= FEW && k < s.x.length; k++) {
                if (Double.isFinite(s.y[k])) {
                    plot.svg.mark(
                            i,
                            plot.x(x, s.x[k]),
                            plot.y(s.y[k]),
                            3,
                            s.name + ": " + y.label(s.y[k]) + " at " + x.label(s.x[k]));
                }
            }
        }
        return plot.svg;
    }
}
