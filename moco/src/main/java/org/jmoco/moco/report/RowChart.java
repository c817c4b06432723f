package org.jmoco.moco.report;

import java.util.List;
import java.util.stream.DoubleStream;

/// Values below one another on a common scale, each with its name before it and its number behind: bars, or marks with
/// the range they may lie in. Of HTML, so that letters keep their size at any width.
final class RowChart {
    /// @param series which mark   @param low the range's lower end, `value` if nothing is known   @param high its upper
    ///     end
    record Point(int series, double value, double low, double high) {
        Point(int series, double value) {
            this(series, value, value, value);
        }
    }

    /// @param own    whether the row is what the page is about
    /// @param points one a series, or fewer; what is not finite is not drawn
    /// @param number behind them   @param more   small, behind the number, or empty
    record Row(String name, boolean own, List<Point> points, String number, String more) {}

    /// So near an end of the scale, as a part of it, a label would leave the scale.
    private static final double EDGE = 0.02;

    private RowChart() {}

    /// Marks with ranges.
    ///
    /// @param series their names; no legend if there is one
    static String ranges(String title, List<String> series, List<Row> rows) {
        Axis axis = Axis.over(rows.stream()
                .flatMap(r -> r.points.stream())
                .flatMapToDouble(p -> DoubleStream.of(p.low, p.high))
                .toArray());
        return of(title, rows, axis, false) + (series.size() > 1 ? Marks.legendOfShapes(series) : "");
    }

    /// Bars from 0.
    ///
    /// @param most where a full bar ends, 100 for percent
    static String bars(String title, List<Row> rows, double most) {
        return of(title, rows, new Axis(0, most, most / 5), true);
    }

    private static String of(String title, List<Row> rows, Axis axis, boolean bars) {
        StringBuilder html = new StringBuilder("<h3>" + Svg.escape(title) + "</h3><div class=\"rows\">");
        String lines = lines(axis);
        for (Row row : rows) {
            String own = row.own ? " own" : "";
            html.append("<span class=\"name")
                    .append(own)
                    .append("\">")
                    .append(Svg.escape(row.name))
                    .append("</span>");
            html.append("<span class=\"track\">").append(lines);
            int n = row.points.size();
            for (int i = 0; i < n; i++) {
                html.append(drawn(row, row.points.get(i), axis, bars, 100.0 * (i + 1) / (n + 1)));
            }
            html.append("</span><span class=\"number").append(own).append("\">").append(Svg.escape(row.number));
            if (!row.more.isEmpty()) {
                html.append(" <small>").append(Svg.escape(row.more)).append("</small>");
            }
            html.append("</span>");
        }
        html.append("<span></span><span class=\"scale\">");
        List<Double> ticks = axis.parts(4).ticks();
        for (double t : ticks) {
            html.append("<span")
                    .append(edge(axis.place(t)))
                    .append(" style=\"left:")
                    .append(place(axis, t))
                    .append("\">")
                    .append(axis.label(t))
                    .append("</span>");
        }
        return html.append("</span><span></span></div>").toString();
    }

    /// Labels stand in the middle below their lines, those at an end within it.
    private static String edge(double place) {
        return place < EDGE ? " class=\"first\"" : place > 1 - EDGE ? " class=\"last\"" : "";
    }

    private static String lines(Axis axis) {
        StringBuilder html = new StringBuilder();
        for (double t : axis.ticks()) {
            html.append("<i class=\"line\" style=\"left:")
                    .append(place(axis, t))
                    .append("\"></i>");
        }
        return html.toString();
    }

    private static String drawn(Row row, Point p, Axis axis, boolean bar, double top) {
        if (!Double.isFinite(p.value)) {
            return "";
        }
        String tip = " title=\""
                + Svg.escape(row.name + ": " + row.number + " " + row.more).strip() + "\"";
        if (bar) {
            return "<i class=\"bar\" style=\"width:" + place(axis, Math.clamp(p.value, axis.low(), axis.high()))
                    + ";background:" + Marks.colour(p.series) + "\"" + tip + "></i>";
        }
        String range = p.low < p.high
                ? "<i class=\"span\" style=\"left:" + place(axis, p.low) + ";width:"
                        + Svg.n(100 * (axis.place(p.high) - axis.place(p.low))) + "%;top:" + Svg.n(top)
                        + "%;background:" + Marks.colour(p.series) + "\"></i>"
                : "";
        return range
                + Marks.alone(p.series)
                        .replaceFirst(
                                "<svg", "<svg style=\"left:" + place(axis, p.value) + ";top:" + Svg.n(top) + "%\"");
    }

    private static String place(Axis axis, double value) {
        return Svg.n(100 * axis.place(value)) + "%";
    }
}
