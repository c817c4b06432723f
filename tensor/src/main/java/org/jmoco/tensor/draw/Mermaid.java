package org.jmoco.tensor.draw;

import java.util.stream.Collectors;

/// Drawings as Mermaid flowcharts, which many Markdown viewers show.
public final class Mermaid {
    private Mermaid() {}

    public static String of(Drawing drawing) {
        StringBuilder chart = new StringBuilder("---\ntitle: " + drawing.title() + "\n---\nflowchart TB\n");
        for (Drawing.Box box : drawing.boxes()) {
            String label =
                    "\"" + box.lines().stream().map(Mermaid::escaped).collect(Collectors.joining("<br/>")) + "\"";
            String shape = switch (box.kind()) {
                case INPUT -> "[/" + label + "/]";
                case OUTPUT -> "([" + label + "])";
                case STATE -> "[(" + label + ")]";
                case OPS -> "[" + label + "]";
            };
            chart.append("  ").append(box.id()).append(shape).append('\n');
        }
        for (Drawing.Arrow arrow : drawing.arrows()) {
            chart.append("  ")
                    .append(arrow.from())
                    .append(" -->|\"")
                    .append(escaped(arrow.label()))
                    .append("\"| ")
                    .append(arrow.to())
                    .append('\n');
        }
        return chart.toString();
    }

    private static String escaped(String text) {
        return text.replace("\"", "#quot;");
    }
}
