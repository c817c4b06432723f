package org.jmoco.tensor.draw;

import java.util.stream.Collectors;

/// Drawings in the language of Graphviz: `dot -Tsvg program.dot > program.svg`.
public final class Dot {
    private Dot() {}

    public static String of(Drawing drawing) {
        StringBuilder dot = new StringBuilder("digraph " + quoted(drawing.title())
                + " {\n  node [fontname=\"Helvetica\", fontsize=10];\n  edge [fontname=\"Helvetica\", fontsize=8];\n");
        for (Drawing.Box box : drawing.boxes()) {
            String shape = switch (box.kind()) {
                case INPUT -> "shape=parallelogram, style=filled, fillcolor=\"#e8f0fe\"";
                case OUTPUT -> "shape=ellipse, style=filled, fillcolor=\"#e6f4ea\"";
                case STATE -> "shape=cylinder, style=filled, fillcolor=\"#fef7e0\"";
                case OPS -> "shape=box";
            };
            String label = box.lines().stream().map(Dot::escaped).collect(Collectors.joining("\\n"));
            dot.append("  ")
                    .append(box.id())
                    .append(" [")
                    .append(shape)
                    .append(", label=\"")
                    .append(label)
                    .append("\"];\n");
        }
        for (Drawing.Arrow arrow : drawing.arrows()) {
            dot.append("  ")
                    .append(arrow.from())
                    .append(" -> ")
                    .append(arrow.to())
                    .append(" [label=")
                    .append(quoted(arrow.label()))
                    .append("];\n");
        }
        return dot.append("}\n").toString();
    }

    private static String quoted(String text) {
        return "\"" + escaped(text) + "\"";
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
