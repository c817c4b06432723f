package org.jmoco.moco.report;

import java.util.List;
import java.util.function.IntFunction;

/// What tells one series from another: a colour, and besides it a shape and a way of breaking the line, for eyes and
/// printers that see no colours.
final class Marks {
    private static final int COLOURS = 10;
    private static final List<String> DASHES =
            List.of("", "7 3", "2 3", "10 3 2 3", "14 4", "4 4", "1 2", "8 2 2 2 2 2");
    private static final double TAU = 2 * Math.PI;

    private Marks() {}

    /// A colour of the page's style, which differs in the dark.
    static String colour(int i) {
        return "var(--c" + Math.floorMod(i, COLOURS) + ")";
    }

    /// The style of a series' line.
    static String line(int i) {
        String dash = DASHES.get(Math.floorMod(i, DASHES.size()));
        return "stroke:" + colour(i) + (dash.isEmpty() ? "" : ";stroke-dasharray:" + dash);
    }

    /// The path of a series' shape around a point: ten different ones, about equally large.
    ///
    /// @param r the radius of the circle among them
    static String shape(int i, double x, double y, double r) {
        return switch (Math.floorMod(i, COLOURS)) {
            case 0 -> circle(x, y, r);
            case 1 -> polygon(x, y, 1.2 * r, 4, TAU / 8, 1);
            case 2 -> polygon(x, y, 1.3 * r, 3, 0, 1);
            case 3 -> polygon(x, y, 1.3 * r, 4, 0, 1);
            case 4 -> polygon(x, y, 1.3 * r, 3, TAU / 2, 1);
            case 5 -> polygon(x, y, 1.4 * r, 4, TAU / 8, 0.3);
            case 6 -> polygon(x, y, 1.5 * r, 4, 0, 0.3);
            case 7 -> polygon(x, y, 1.5 * r, 5, 0, 0.45);
            case 8 -> circle(x, y, 1.1 * r) + circle(x, y, 0.5 * r);
            default -> polygon(x, y, 1.2 * r, 6, 0, 1);
        };
    }

    private static String circle(double x, double y, double r) {
        String radius = Svg.n(r);
        return "M" + Svg.n(x - r) + " " + Svg.n(y) + "a" + radius + " " + radius + " 0 1 0 " + Svg.n(2 * r) + " 0a"
                + radius + " " + radius + " 0 1 0 " + Svg.n(-2 * r) + " 0Z";
    }

    /// A polygon with its first corner above the centre.
    ///
    /// @param inner how far in the corners of a star are that lie between, as a share of `r`; 1 for none
    private static String polygon(double x, double y, double r, int corners, double turn, double inner) {
        StringBuilder path = new StringBuilder();
        int steps = inner == 1 ? corners : 2 * corners;
        for (int k = 0; k < steps; k++) {
            double far = inner != 1 && k % 2 == 1 ? inner * r : r;
            double angle = turn + k * TAU / steps;
            path.append(k == 0 ? 'M' : 'L')
                    .append(Svg.n(x + far * Math.sin(angle)))
                    .append(' ')
                    .append(Svg.n(y - far * Math.cos(angle)));
        }
        return path.append('Z').toString();
    }

    /// Names beside their lines.
    ///
    /// @param marked how many of them have their shape on the line, from the first one on
    static String legendOfLines(List<String> names, int marked) {
        return legend(names, i -> line(i, i < marked));
    }

    /// Names beside their shapes.
    static String legendOfShapes(List<String> names) {
        return legend(names, Marks::alone);
    }

    private static String legend(List<String> names, IntFunction<String> sample) {
        StringBuilder html = new StringBuilder("<ul class=\"legend\">");
        for (int i = 0; i < names.size(); i++) {
            html.append("<li>")
                    .append(sample.apply(i))
                    .append(Svg.escape(names.get(i)))
                    .append("</li>");
        }
        return html.append("</ul>").toString();
    }

    private static String line(int i, boolean marked) {
        return "<svg class=\"long\" viewBox=\"0 0 26 14\" aria-hidden=\"true\"><path class=\"curve\" style=\"" + line(i)
                + "\" d=\"M0 7H26\"/>"
                + (marked
                        ? "<path fill-rule=\"evenodd\" style=\"fill:" + colour(i) + "\" d=\"" + shape(i, 13, 7, 3.5)
                                + "\"/>"
                        : "")
                + "</svg>";
    }

    /// One shape by itself, as large as a letter.
    static String alone(int i) {
        return "<svg viewBox=\"0 0 14 14\" aria-hidden=\"true\"><path fill-rule=\"evenodd\" style=\"fill:" + colour(i)
                + "\" d=\"" + shape(i, 7, 7, 5) + "\"/></svg>";
    }
}
