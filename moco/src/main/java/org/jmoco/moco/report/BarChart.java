package org.jmoco.moco.report;

import java.util.List;
import java.util.Locale;

/// Horizontal bars with their numbers, such as the average precision of every class.
final class BarChart {
    private static final int WIDTH = 560;
    private static final int ROW = 20;
    private static final int LEFT = 130;
    private static final int RIGHT = 60;
    private static final int TOP = 26;

    /// @param value 0 or more; one that is not finite is written without a bar
    record Bar(String name, double value) {}

    private BarChart() {}

    /// @param most where a full bar ends, 100 for percent
    static String of(String title, List<Bar> bars, double most) {
        Svg svg = new Svg(WIDTH, TOP + ROW * bars.size() + 6, title);
        svg.text(0, 16, "start", "title", title);
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            double y = TOP + ROW * i;
            double length =
                    Double.isFinite(bar.value) ? Math.clamp(bar.value / most, 0, 1) * (WIDTH - LEFT - RIGHT) : 0;
            String number = String.format(Locale.ROOT, "%.2f", bar.value);
            svg.text(LEFT - 8, y + 14, "end", "tick", bar.name)
                    .rect(LEFT, y + 3, length, ROW - 6, "fill:" + Palette.of(0), bar.name + ": " + number)
                    .text(LEFT + length + 6, y + 14, "start", "tick", number);
        }
        return svg.toString();
    }
}
