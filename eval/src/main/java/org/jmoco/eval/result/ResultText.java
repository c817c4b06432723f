package org.jmoco.eval.result;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/// A result as lines for a terminal: the metrics with their uncertainty and the published numbers beside them, then the tables, then what it was made from.
public final class ResultText {
    /// Tables of more columns do not fit on a terminal; they are in the file only.
    private static final int WIDEST = 10;

    private ResultText() {}

    public static String of(EvaluationResult result) {
        StringBuilder out = new StringBuilder("protocol " + result.protocol() + "\n\n");
        out.append(aligned(metrics(result)));
        for (ResultTable table : result.tables()) {
            if (table.columns().size() > WIDEST) {
                continue;
            }
            out.append('\n').append(table.title()).append('\n');
            List<List<String>> lines = new ArrayList<>(List.of(table.columns()));
            table.rows().forEach(row -> lines.add(row.stream().map(ResultText::cell).toList()));
            out.append(aligned(lines));
        }
        out.append('\n');
        for (Provenance.Input input : result.provenance().inputs()) {
            out.append(input.role()).append(' ').append(input.name()).append(", sha256 ").append(input.sha256()).append('\n');
        }
        return out.toString();
    }

    private static List<List<String>> metrics(EvaluationResult result) {
        List<String> sources = result.published().stream().map(ResultText::source).distinct().toList();
        boolean interval = result.metrics().stream().anyMatch(m -> m.interval().isPresent());
        boolean spread = result.metrics().stream().anyMatch(m -> m.spread().isPresent());
        List<String> head = new ArrayList<>(List.of("metric", "value"));
        if (spread) {
            Collections.addAll(head, "std", "min", "max");
        }
        if (interval) {
            head.add(String.format(Locale.ROOT, "%.0f %% interval", 100 * Metric.LEVEL));
        }
        head.addAll(sources);
        List<List<String>> lines = new ArrayList<>(List.of(head));
        for (Metric m : result.metrics()) {
            List<String> line = new ArrayList<>(List.of(m.unit().isEmpty() ? m.name() : m.name() + " " + m.unit(), number(m.value())));
            if (spread) {
                line.add(m.spread().map(s -> number(s.std())).orElse(""));
                line.add(m.spread().map(s -> number(s.min())).orElse(""));
                line.add(m.spread().map(s -> number(s.max())).orElse(""));
            }
            if (interval) {
                line.add(m.interval().map(i -> number(i.low()) + " to " + number(i.high())).orElse(""));
            }
            for (String source : sources) {
                line.add(result.published().stream().filter(p -> source(p).equals(source) && p.metric().equals(m.name())).findFirst().map(p -> number(p.value())).orElse(""));
            }
            lines.add(line);
        }
        return lines;
    }

    private static String source(Published p) {
        return p.source() + ' ' + p.method() + ' ' + p.layer();
    }

    private static String cell(Object value) {
        return value instanceof Double d ? number(d) : value.toString();
    }

    /// Two decimals, as the tables of the field have; below 1 three significant digits, for costs and p-values.
    private static String number(double value) {
        return String.format(Locale.ROOT, value == 0 || Math.abs(value) >= 1 ? "%.2f" : "%.3g", value);
    }

    /// Columns under each other, the first to the left, the others to the right.
    private static String aligned(List<List<String>> lines) {
        int columns = lines.getFirst().size();
        int[] width = new int[columns];
        for (List<String> line : lines) {
            for (int c = 0; c < columns; c++) {
                width[c] = Math.max(width[c], line.get(c).length());
            }
        }
        StringBuilder out = new StringBuilder();
        for (List<String> line : lines) {
            StringBuilder text = new StringBuilder();
            for (int c = 0; c < columns; c++) {
                String pad = " ".repeat(width[c] - line.get(c).length());
                text.append(c == 0 ? line.get(c) + pad : "  " + pad + line.get(c));
            }
            out.append(text.toString().stripTrailing()).append('\n');
        }
        return out.toString();
    }
}
