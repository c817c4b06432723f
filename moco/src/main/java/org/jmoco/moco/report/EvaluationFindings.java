package org.jmoco.moco.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.Metric;
import org.jmoco.eval.result.Published;
import org.jmoco.eval.result.ResultTable;

/// What an evaluation found: where there are untrained encoders the trained one beside them with the gain, else its
/// numbers with their intervals, and what was published beside them.
record EvaluationFindings(EvaluationResult result) {
    private static final String UNTRAINED = ", untrained";
    private static final String SEED = ".*, seed \\d+";
    private static final String GAINS = "Trained beside untrained";
    private static final int MOST_ROWS = 16;

    /// The same benchmark on either encoder.
    private record Pair(Metric trained, Metric untrained) {
        double gain() {
            return trained.value() - untrained.value();
        }
    }

    private List<Pair> pairs() {
        SequencedMap<String, Metric> byName = new LinkedHashMap<>();
        main().forEach(m -> byName.put(m.name(), m));
        return byName.values().stream()
                .filter(m -> byName.containsKey(m.name() + UNTRAINED))
                .map(m -> new Pair(m, byName.get(m.name() + UNTRAINED)))
                .toList();
    }

    /// All metrics but those of single seeds.
    private List<Metric> main() {
        return result.metrics().stream().filter(m -> !m.name().matches(SEED)).toList();
    }

    /// Metrics of single seeds, whose means are among the others.
    List<Metric> single() {
        return result.metrics().stream().filter(m -> m.name().matches(SEED)).toList();
    }

    void addTo(Page page) {
        page.found(sentences());
        List<Pair> pairs = pairs();
        List<String> cards = new ArrayList<>();
        if (pairs.isEmpty()) {
            List<Metric> shown = main().stream()
                    .filter(m -> m.unit().equals("%"))
                    .limit(MOST_ROWS)
                    .toList();
            if (shown.size() > 1) {
                cards.add(chart(shown));
            }
            cards.add(Page.titled("All numbers", table(main())));
            if (!result.published().isEmpty()) {
                cards.add(Page.titled("Published", published()));
            }
        } else {
            cards.add(chartOf(pairs));
            cards.add(Page.titled(GAINS, gains(pairs)));
        }
        page.cards(cards);
    }

    /// Whether a table says what the page begins with.
    boolean isShown(ResultTable table) {
        return table.title().equals(GAINS);
    }

    private List<String> sentences() {
        List<Pair> pairs = pairs();
        if (!pairs.isEmpty()) {
            return gainSentences(pairs);
        }
        Metric first = result.metrics().getFirst();
        List<String> sentences = new ArrayList<>(List.of(first.name() + " is " + Numbers.of(first) + bounds(first)
                + first.items()
                        .map(i -> String.format(Locale.ROOT, ", on %,d test images", i.size()))
                        .orElse("")
                + "."));
        chance().ifPresent(sentences::add);
        best(first).ifPresent(sentences::add);
        return sentences;
    }

    private static String bounds(Metric m) {
        return m.interval()
                .map(i -> String.format(
                        Locale.ROOT, " (%.0f %% interval %s)", 100 * i.level(), Numbers.range(i.low(), i.high())))
                .or(() -> m.spread().map(s -> " (" + Numbers.range(s.min(), s.max()) + " over the draws)"))
                .orElse("");
    }

    private List<String> gainSentences(List<Pair> pairs) {
        long ahead = pairs.stream().filter(p -> p.gain() > 0).count();
        Pair most = pairs.getFirst();
        Pair least = pairs.getFirst();
        for (Pair p : pairs) {
            most = p.gain() > most.gain() ? p : most;
            least = p.gain() < least.gain() ? p : least;
        }
        if (pairs.size() == 1) {
            return List.of(String.format(
                    Locale.ROOT,
                    "%s is %s with the trained encoder and %s with untrained ones: %s points.",
                    most.trained.name(),
                    Numbers.of(most.trained),
                    Numbers.of(most.untrained),
                    Numbers.gain(most.gain())));
        }
        return List.of(
                String.format(
                        Locale.ROOT,
                        "The trained encoder is ahead of untrained ones in %d of %d benchmarks.",
                        ahead,
                        pairs.size()),
                String.format(
                        Locale.ROOT,
                        "The gain is largest in %s, %s points, and smallest in %s, %s points.",
                        most.trained.name(),
                        Numbers.gain(most.gain()),
                        least.trained.name(),
                        Numbers.gain(least.gain())));
    }

    /// What an answer by chance would reach, where the classes are known and about equally frequent.
    private Optional<String> chance() {
        return result.confusion()
                .filter(c -> result.metrics().getFirst().name().startsWith("top-1"))
                .map(c -> {
                    long most = 0;
                    long all = 0;
                    for (List<Integer> row : c.counts()) {
                        long sum = row.stream().mapToLong(Integer::longValue).sum();
                        most = Math.max(most, sum);
                        all += sum;
                    }
                    return String.format(
                            Locale.ROOT,
                            "Who always names the most frequent of the %d classes reaches %s %%.",
                            c.counts().size(),
                            Numbers.two(100.0 * most / all));
                });
    }

    private Optional<String> best(Metric metric) {
        Published best = null;
        for (Published p : result.published()) {
            if (p.metric().equals(metric.name()) && (best == null || p.value() > best.value())) {
                best = p;
            }
        }
        return Optional.ofNullable(best)
                .map(p -> "The best published for this protocol is " + Numbers.two(p.value()) + " %, by " + p.method()
                        + ".");
    }

    private static RowChart.Point point(int series, Metric m) {
        return m.interval()
                .map(i -> new RowChart.Point(series, m.value(), i.low(), i.high()))
                .or(() -> m.spread().map(s -> new RowChart.Point(series, m.value(), s.min(), s.max())))
                .orElse(new RowChart.Point(series, m.value()));
    }

    private static String chart(List<Metric> metrics) {
        List<RowChart.Row> rows = metrics.stream()
                .map(m -> new RowChart.Row(
                        m.name(), m.equals(metrics.getFirst()), List.of(point(0, m)), Numbers.of(m), ""))
                .toList();
        return RowChart.ranges("With what they may be, %", List.of(), rows) + Page.note(lines(metrics));
    }

    private static String lines(List<Metric> metrics) {
        return metrics.stream().anyMatch(m -> m.interval().isPresent())
                ? String.format(Locale.ROOT, "Lines are %.0f %% intervals over the test images.", 100 * Metric.LEVEL)
                : "Lines reach from the least to the most over draws or seeds.";
    }

    private static String chartOf(List<Pair> pairs) {
        List<RowChart.Row> rows = pairs.stream()
                .map(p -> new RowChart.Row(
                        p.trained.name(),
                        false,
                        List.of(point(0, p.trained), point(1, p.untrained)),
                        Numbers.gain(p.gain()),
                        ""))
                .toList();
        return RowChart.ranges("Trained beside untrained, %, and the gain", List.of("trained", "untrained"), rows)
                + Page.note(lines(List.of(pairs.getFirst().trained)));
    }

    /// As the suite tells it, with intervals where it has them.
    private String gains(List<Pair> pairs) {
        Optional<ResultTable> told =
                result.tables().stream().filter(this::isShown).findFirst();
        if (told.isPresent()) {
            return EvaluationReport.cells(told.get());
        }
        List<List<String>> rows = pairs.stream()
                .map(p -> List.of(
                        p.trained.name(),
                        Numbers.two(p.trained.value()),
                        Numbers.two(p.untrained.value()),
                        Numbers.gain(p.gain())))
                .toList();
        return Page.table(List.of("benchmark", "trained %", "untrained %", "gain"), rows, true);
    }

    /// Value, spread and interval of every metric.
    static String table(List<Metric> metrics) {
        boolean spread = metrics.stream().anyMatch(m -> m.spread().isPresent());
        boolean interval = metrics.stream().anyMatch(m -> m.interval().isPresent());
        List<String> head = new ArrayList<>(List.of("metric", "value"));
        head.addAll(spread ? List.of("± std", "least to most") : List.of());
        head.addAll(interval ? List.of(String.format(Locale.ROOT, "%.0f %% interval", 100 * Metric.LEVEL)) : List.of());
        List<List<String>> rows = new ArrayList<>();
        for (Metric m : metrics) {
            List<String> row = new ArrayList<>(List.of(m.name(), Numbers.of(m)));
            if (spread) {
                row.add(m.spread().map(s -> Numbers.two(s.std())).orElse(""));
                row.add(m.spread().map(s -> Numbers.range(s.min(), s.max())).orElse(""));
            }
            if (interval) {
                row.add(m.interval().map(i -> Numbers.range(i.low(), i.high())).orElse(""));
            }
            rows.add(row);
        }
        return Page.table(head, rows, true);
    }

    /// Ours first, then a row for each published encoder.
    private String published() {
        List<String> names =
                result.published().stream().map(Published::metric).distinct().toList();
        List<String> head = new ArrayList<>(List.of("encoder", "feature"));
        names.forEach(n -> head.add(n + " %"));
        List<String> ours = new ArrayList<>(List.of("this one", ""));
        names.forEach(n -> ours.add(result.metrics().stream()
                .filter(m -> m.name().equals(n))
                .findFirst()
                .map(m -> Numbers.two(m.value()))
                .orElse("")));
        Map<List<String>, String[]> rows = new LinkedHashMap<>();
        for (Published p : result.published()) {
            String[] values = rows.computeIfAbsent(
                    List.of(p.method() + " (" + p.source() + ")", p.layer()),
                    k -> IntStream.range(0, names.size()).mapToObj(i -> "").toArray(String[]::new));
            values[names.indexOf(p.metric())] = Numbers.two(p.value());
        }
        List<List<String>> all = new ArrayList<>(List.of(ours));
        rows.forEach((key, values) ->
                all.add(Stream.concat(key.stream(), Stream.of(values)).toList()));
        return Page.table(head, all, true, 0);
    }
}
