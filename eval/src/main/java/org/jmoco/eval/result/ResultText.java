package org.jmoco.eval.result;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jmoco.tensor.io.Messages;

/// A result as lines for a terminal: the metrics with their uncertainty and the published numbers beside them,
/// then the tables, then what it was made from.
public final class ResultText {
    /// Tables of more columns do not fit on a terminal; they are in the file only.
    private static final int WIDEST = 10;

    private ResultText() {}

    public static String of(EvaluationResult result) {
        StringBuilder out =
                new StringBuilder("protocol " + result.protocol() + "\n\n").append(aligned(metrics(result)));
        if (!result.published().isEmpty()) {
            out.append("\nPublished\n").append(aligned(published(result)));
        }
        for (ResultTable table : result.tables()) {
            if (table.columns().size() <= WIDEST) {
                out.append('\n').append(of(table));
            }
        }
        out.append('\n');
        for (Provenance.Input input : result.provenance().inputs()) {
            out.append(input.role())
                    .append(' ')
                    .append(Messages.printable(input.name()))
                    .append(", sha256 ")
                    .append(input.sha256())
                    .append('\n');
        }
        return out.toString();
    }

    /// A table with its title above it.
    public static String of(ResultTable table) {
        List<List<String>> lines = new ArrayList<>(List.of(table.columns()));
        table.rows().forEach(row -> lines.add(row.stream().map(ResultText::cell).toList()));
        return table.title() + '\n' + aligned(lines);
    }

    private static List<List<String>> metrics(EvaluationResult result) {
        boolean interval = result.metrics().stream().anyMatch(m -> m.interval().isPresent());
        boolean spread = result.metrics().stream().anyMatch(m -> m.spread().isPresent());
        List<String> head = new ArrayList<>(List.of("metric", "value"));
        if (spread) {
            Collections.addAll(head, "std", "min", "max");
        }
        if (interval) {
            head.add(String.format(Locale.ROOT, "%.0f %% interval", 100 * Metric.LEVEL));
        }
        List<List<String>> lines = new ArrayList<>(List.of(head));
        for (Metric m : result.metrics()) {
            List<String> line = new ArrayList<>(
                    List.of(m.unit().isEmpty() ? m.name() : m.name() + " " + m.unit(), number(m.value())));
            if (spread) {
                line.add(m.spread().map(s -> number(s.std())).orElse(""));
                line.add(m.spread().map(s -> number(s.min())).orElse(""));
                line.add(m.spread().map(s -> number(s.max())).orElse(""));
            }
            if (interval) {
                line.add(m.interval()
                        .map(i -> number(i.low()) + " to " + number(i.high()))
                        .orElse(""));
            }
            lines.add(line);
        }
        return lines;
    }

    /// A row for each published encoder, ours first.
    private static List<List<String>> published(EvaluationResult result) {
        List<String> names =
                result.published().stream().map(Published::metric).distinct().toList();
        List<String> head = new ArrayList<>(List.of("source", "method", "feature"));
        List<String> ours = new ArrayList<>(List.of("this result", "", ""));
        for (String name : names) {
            head.add(name);
            ours.add(result.metrics().stream()
                    .filter(m -> m.name().equals(name))
                    .findFirst()
                    .map(m -> number(m.value()))
                    .orElse(""));
        }
        Map<List<String>, List<String>> lines = new LinkedHashMap<>();
        for (Published p : result.published()) {
            List<String> key = List.of(p.source(), p.method(), p.layer());
            List<String> line = lines.computeIfAbsent(
                    key,
                    k -> new ArrayList<>(Stream.concat(k.stream(), Collections.nCopies(names.size(), "").stream())
                            .toList()));
            line.set(key.size() + names.indexOf(p.metric()), number(p.value()));
        }
        List<List<String>> all = new ArrayList<>(List.of(head, ours));
        all.addAll(lines.values());
        return all;
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
        // Names of classes and files come from outside.
        List<List<String>> printable = lines.stream()
                .map(line -> line.stream().map(Messages::printable).toList())
                .toList();
        int columns = lines.getFirst().size();
        int[] width = new int[columns];
        for (List<String> line : lines) {
            for (int c = 0; c < columns; c++) {
                width[c] = Math.max(width[c], line.get(c).length());
            }
        }
        StringBuilder out = new StringBuilder();
        for (List<String> line : printable) {
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
