package org.jmoco.moco.report;

import java.util.List;

/// How often each class was taken for which: a row a true class, a column a predicted one.
final class ConfusionMatrix {
    private static final int CELL = 34;
    private static final int LEFT = 110;
    private static final int TOP = 100;

    private ConfusionMatrix() {}

    /// @param counts `[true][predicted]`
    static String of(String title, long[][] counts, List<String> names) {
        int n = counts.length;
        Svg svg = new Svg(LEFT + CELL * n + 10, TOP + CELL * n + 10, title);
        svg.text(0, 16, "start", "title", title);
        for (int i = 0; i < n; i++) {
            svg.text(LEFT - 6, TOP + CELL * i + 21, "end", "tick", names.get(i));
            svg.text(LEFT + CELL * i + CELL / 2.0, TOP - 8 - (i % 2) * 14, "middle", "tick", names.get(i));
            long row = 0;
            for (long c : counts[i]) {
                row += c;
            }
            for (int j = 0; j < n; j++) {
                double share = row == 0 ? 0 : (double) counts[i][j] / row;
                svg.rect(
                                LEFT + CELL * j,
                                TOP + CELL * i,
                                CELL - 1,
                                CELL - 1,
                                "fill:" + Palette.of(i == j ? 0 : 2) + ";fill-opacity:" + Svg.n(share),
                                names.get(i) + " taken for " + names.get(j) + ": " + counts[i][j])
                        .text(
                                LEFT + CELL * j + CELL / 2.0,
                                TOP + CELL * i + 21,
                                "middle",
                                "tick",
                                Long.toString(counts[i][j]));
            }
        }
        return svg.toString();
    }
}
