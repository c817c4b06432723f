package org.jmoco.moco.report;

import java.util.List;

/// Ten colours that most people can tell apart (Tableau's), and the legend that explains them.
final class Palette {
    private static final String[] COLOURS = {
        "#4e79a7", "#f28e2b", "#e15759", "#76b7b2", "#59a14f", "#edc948", "#b07aa1", "#ff9da7", "#9c755f", "#bab0ac"
    };

    private Palette() {}

    static String of(int i) {
        return COLOURS[Math.floorMod(i, COLOURS.length)];
    }

    static String legend(List<String> names) {
        StringBuilder html = new StringBuilder("<p class=\"legend\">");
        for (int i = 0; i < names.size(); i++) {
            html.append("<span><i style=\"background:")
                    .append(of(i))
                    .append("\"></i>")
                    .append(Svg.escape(names.get(i)))
                    .append("</span> ");
        }
        return html.append("</p>").toString();
    }
}
