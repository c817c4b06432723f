package org.jmoco.moco.report;

import java.util.List;
import java.util.stream.IntStream;

/// Points of a 2-D map, with colour and shape of their label.
final class ScatterMap {
    private static final int SIDE = 560;
    private static final int MARGIN = 10;

    private ScatterMap() {}

    /// @param positions x and y of each point
    /// @param labels    one a point, in `[0, names)`
    static String of(String title, float[][] positions, int[] labels, List<String> names) {
        float[] low = {Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY};
        float[] high = {Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY};
        for (float[] p : positions) {
            for (int a = 0; a < 2; a++) {
                low[a] = Math.min(low[a], p[a]);
                high[a] = Math.max(high[a], p[a]);
            }
        }
        Svg svg = new Svg("map", SIDE, SIDE, title);
        for (int i = 0; i < positions.length; i++) {
            String name = labels[i] >= 0 && labels[i] < names.size() ? names.get(labels[i]) : "class " + labels[i];
            svg.mark(
                    labels[i],
                    place(positions[i][0], low[0], high[0]),
                    place(positions[i][1], low[1], high[1]),
                    3.6,
                    name);
        }
        int shown = 1 + IntStream.of(labels).max().orElse(-1);
        List<String> legend = names.size() >= shown
                ? names
                : IntStream.range(0, shown).mapToObj(c -> "class " + c).toList();
        return "<h3>" + Svg.escape(title) + "</h3>" + svg + Marks.legendOfShapes(legend);
    }

    private static double place(float value, float low, float high) {
        return high > low ? MARGIN + (value - low) / (high - low) * (SIDE - 2 * MARGIN) : SIDE / 2.0;
    }
}
