package org.jmoco.moco.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.Items;
import org.jmoco.eval.result.Metric;
import org.jmoco.eval.stats.HalfSamples;
import org.jmoco.moco.report.EvaluationReport.Named;

/// Evaluations of several encoders side by side: those of one protocol in one table, a column an encoder, and
/// their curves in one chart.
final class EvaluationComparison {
    private EvaluationComparison() {}

    static void addTo(Page page, List<Path> folders) {
        SequencedMap<String, List<Named>> byProtocol = new LinkedHashMap<>();
        for (Path folder : folders) {
            EvaluationReport.below(folder).forEach((at, result) -> {
                if (!at.equals(RunReport.BASELINES)) {
                    byProtocol
                            .computeIfAbsent(result.protocol(), p -> new ArrayList<>())
                            .add(new Named(name(folder, at), result));
                }
            });
        }
        byProtocol.forEach((protocol, results) -> {
            page.heading(protocol);
            List<String> sentences = differences(results);
            if (!sentences.isEmpty()) {
                page.found(sentences);
            }
            page.card(table(results));
            List<String> curves = new ArrayList<>(EvaluationReport.overShots(results));
            curves.addAll(EvaluationReport.overDepth(results));
            if (!curves.isEmpty()) {
                page.cards(curves);
            }
        });
    }

    /// How far the others are from the first one, by the first metric, and how sure that is: paired over the test
    /// items, where results hold them.
    private static List<String> differences(List<Named> results) {
        List<String> sentences = new ArrayList<>();
        Metric first = results.getFirst().result().metrics().getFirst();
        for (Named other : results.subList(1, results.size())) {
            Optional<Metric> same = other.result().metrics().stream()
                    .filter(m -> m.name().equals(first.name()))
                    .findFirst();
            if (same.isEmpty()
                    || first.items().isEmpty()
                    || same.get().items().isEmpty()
                    || first.items().get().size() != same.get().items().get().size()) {
                continue;
            }
            Items a = same.get().items().get();
            Items b = first.items().get();
            HalfSamples.Paired paired =
                    new HalfSamples(a.size(), HalfSamples.REPLICATES, 0).compare(a::score, b::score, Metric.LEVEL);
            HalfSamples.Interval d = paired.difference();
            sentences.add(String.format(
                    Locale.ROOT,
                    "%s: %s is %s points %s %s (95 %% interval %s to %s, p %.3f).",
                    first.name(),
                    other.name(),
                    Numbers.two(100 * Math.abs(d.value())),
                    d.value() < 0 ? "below" : "above",
                    results.getFirst().name(),
                    Numbers.gain(100 * d.low()),
                    Numbers.gain(100 * d.high()),
                    paired.pValue()));
        }
        return sentences;
    }

    private static String name(Path folder, String at) {
        return at.equals(".") ? RunReport.name(folder) : RunReport.name(folder) + "/" + at;
    }

    private static String table(List<Named> results) {
        List<String> head = new ArrayList<>(List.of("metric"));
        Map<String, List<String>> rows = new LinkedHashMap<>();
        results.forEach(r -> {
            head.add(r.name());
            r.result().metrics().forEach(m -> rows.putIfAbsent(m.name(), new ArrayList<>(List.of(m.name()))));
        });
        rows.forEach((name, row) -> results.forEach(r -> row.add(cell(r.result(), name))));
        return Page.table(head, List.copyOf(rows.values()), true);
    }

    private static String cell(EvaluationResult result, String metric) {
        return result.metrics().stream()
                .filter(m -> m.name().equals(metric))
                .findFirst()
                .map(EvaluationReport::withUncertainty)
                .orElse("–");
    }
}
