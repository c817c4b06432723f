package org.jmoco.moco.report;

import java.util.Locale;

/// The little of SVG that charts need: text that grows, numbers that are short.
final class Svg {
    private final StringBuilder out = new StringBuilder();

    /// @param css its class on the page; empty for none
    Svg(String css, int width, int height, String title) {
        out.append("<svg ")
                .append(css.isEmpty() ? "" : "class=\"" + css + "\" ")
                .append("viewBox=\"0 0 ")
                .append(width)
                .append(' ')
                .append(height)
                .append("\" role=\"img\" aria-label=\"")
                .append(escape(title))
                .append("\">");
    }

    Svg line(double x1, double y1, double x2, double y2, String css) {
        out.append("<line x1=\"")
                .append(n(x1))
                .append("\" y1=\"")
                .append(n(y1))
                .append("\" x2=\"")
                .append(n(x2))
                .append("\" y2=\"")
                .append(n(y2))
                .append("\" class=\"")
                .append(css)
                .append("\"/>");
        return this;
    }

    /// @param anchor `start`, `middle` or `end`
    Svg text(double x, double y, String anchor, String css, String text) {
        out.append("<text x=\"")
                .append(n(x))
                .append("\" y=\"")
                .append(n(y))
                .append("\" text-anchor=\"")
                .append(anchor)
                .append("\" class=\"")
                .append(css)
                .append("\">")
                .append(escape(text))
                .append("</text>");
        return this;
    }

    /// The shape of a series, with a text that shows under the pointer.
    ///
    /// @param i which series
    Svg mark(int i, double x, double y, double radius, String tip) {
        out.append("<path fill-rule=\"evenodd\" style=\"fill:")
                .append(Marks.colour(i))
                .append("\" d=\"")
                .append(Marks.shape(i, x, y, radius))
                .append("\"><title>")
                .append(escape(tip))
                .append("</title></path>");
        return this;
    }

    /// A line through points; where one is not finite it breaks.
    Svg path(double[] x, double[] y, String css, String style) {
        out.append("<path class=\"")
                .append(css)
                .append("\" style=\"")
                .append(style)
                .append("\" d=\"");
        boolean down = false;
        for (int i = 0; i < x.length; i++) {
            if (Double.isFinite(x[i]) && Double.isFinite(y[i])) {
                out.append(down ? 'L' : 'M').append(n(x[i])).append(' ').append(n(y[i]));
                down = true;
            } else {
                down = false;
            }
        }
        out.append("\"/>");
        return this;
    }

    /// The area between two lines over the same places; what is not finite is left out.
    Svg band(double[] x, double[] low, double[] high, String colour) {
        StringBuilder there = new StringBuilder();
        StringBuilder back = new StringBuilder();
        for (int i = 0; i < x.length; i++) {
            if (Double.isFinite(low[i]) && Double.isFinite(high[i])) {
                there.append(there.isEmpty() ? "M" : "L")
                        .append(n(x[i]))
                        .append(' ')
                        .append(n(low[i]));
                back.insert(0, "L" + n(x[i]) + " " + n(high[i]));
            }
        }
        if (!there.isEmpty()) {
            out.append("<path class=\"band\" style=\"fill:")
                    .append(colour)
                    .append(";fill-opacity:.18\" d=\"")
                    .append(there)
                    .append(back)
                    .append("Z\"/>");
        }
        return this;
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /// A coordinate with at most two decimals.
    static String n(double value) {
        String text = String.format(Locale.ROOT, "%.2f", value);
        return text.replaceFirst("\\.?0+$", "");
    }

    @Override
    public String toString() {
        return out + "</svg>";
    }
}
