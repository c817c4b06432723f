package org.jmoco.moco.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.moco.report.EvaluationReport.Named;

/// Evaluations of several encoders side by side: those of one protocol in one table, a column an encoder, and
/// their curves in one chart.
final class EvaluationComparison {
    private EvaluationComparison() {}

    static void addTo(Page page, List<Path> folders) {
        SequencedMap<String, List<Named>> byProtocol = new LinkedHashMap<>();
        for (Path folder : folders) {
            EvaluationReport.below(folder)
                    .forEach((at, result) -> byProtocol
                            .computeIfAbsent(result.protocol(), p -> new ArrayList<>())
                            .add(new Named(name(folder, at), result)));
        }
        byProtocol.forEach((protocol, results) -> {
            List<String> cards = new ArrayList<>(List.of(table(results)));
            cards.addAll(EvaluationReport.overShots(results));
            cards.addAll(EvaluationReport.overDepth(results));
            page.heading(protocol).cards(cards);
        });
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
