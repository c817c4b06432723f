package org.jmoco.moco.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.Items;
import org.jmoco.eval.result.Metric;
import org.jmoco.eval.stats.HalfSamples;

/// What a pre-training has come to: the accuracy of nearest neighbours, held against what was there without it.
///
/// @param metrics   of the run
/// @param knn       of the finished encoder; empty if the run had no monitor or is not at its end
/// @param baselines by the same vote on the same images, under their names; empty if none were measured
record RunFindings(Metrics metrics, Optional<EvaluationResult> knn, Optional<EvaluationResult> baselines) {
    private static final String KNN = "knn";
    private static final String TRAINED = "trained encoder";
    private static final String BEFORE = "encoder before training";
    private static final String NONE = "–";
    /// Of the last steps' share that a single number is the mean of.
    static final double LATE = 0.05;

    /// A measurement by the monitor's vote.
    ///
    /// @param own  whether it is the run's
    /// @param gain of the run over this; empty if it is the run's
    private record Measured(Metric metric, boolean own, Optional<HalfSamples.Interval> gain) {}

    private Optional<Metric> trained() {
        return knn.map(r -> renamed(TRAINED, r.metrics().getFirst()))
                .or(() -> metrics.last(KNN).map(v -> Metric.of(TRAINED, v, "%")));
    }

    private static Metric renamed(String name, Metric m) {
        return new Metric(name, m.value(), m.unit(), m.interval(), m.spread(), m.items());
    }

    /// The run's encoder and what it is held against, from worst to best.
    private List<Measured> measured() {
        Metric trained = trained().orElseThrow();
        List<Measured> all = new ArrayList<>(List.of(new Measured(trained, true, Optional.empty())));
        List<Metric> others = new ArrayList<>();
        baselines.ifPresent(b -> others.addAll(b.metrics()));
        if (others.isEmpty()) {
            metrics.first(KNN).filter(p -> p[0] == 0).ifPresent(p -> others.add(Metric.of(BEFORE, p[1], "%")));
        }
        others.forEach(m -> all.add(new Measured(m, false, Optional.of(gain(trained, m)))));
        all.sort((a, b) -> Double.compare(a.metric.value(), b.metric.value()));
        return all;
    }

    /// The interval is over the test images, of which both answers are known; without them it is the number alone.
    private static HalfSamples.Interval gain(Metric trained, Metric other) {
        if (trained.items().orElse(null) instanceof Items.Correct a
                && other.items().orElse(null) instanceof Items.Correct b
                && a.size() == b.size()) {
            HalfSamples.Interval d = new HalfSamples(a.size(), HalfSamples.REPLICATES, 0)
                    .compare(a::score, b::score, Metric.LEVEL)
                    .difference();
            return new HalfSamples.Interval(100 * d.value(), 100 * d.low(), 100 * d.high(), d.level());
        }
        double difference = trained.value() - other.value();
        return new HalfSamples.Interval(difference, difference, difference, Metric.LEVEL);
    }

    /// Sentences, a chart and a table.
    void addTo(Page page) {
        page.heading("What was found");
        page.found(sentences());
        if (trained().isPresent()) {
            List<Measured> all = measured();
            if (all.size() > 1) {
                page.cards(List.of(chart(all), table(all)));
            }
        }
        page.facts(facts());
    }

    private List<String> sentences() {
        if (trained().isEmpty()) {
            String sentence = metrics.late("accuracy", LATE)
                    .map(v -> String.format(
                            Locale.ROOT,
                            "After %,d steps the key of the same image is the nearest one for %.1f %% of the queries.",
                            metrics.steps(),
                            100 * v))
                    .orElse(String.format(Locale.ROOT, "%,d steps are done.", metrics.steps()));
            return List.of(sentence, "No labelled images were looked at, so how good the features are is not known.");
        }
        List<Measured> all = measured();
        Measured own = all.stream().filter(Measured::own).findFirst().orElseThrow();
        List<String> sentences = new ArrayList<>();
        sentences.add(String.format(
                Locale.ROOT,
                "After %,d steps without labels, nearest neighbours name the class of %s of %s test images%s.",
                metrics.steps(),
                Numbers.of(own.metric),
                own.metric
                        .items()
                        .map(i -> String.format(Locale.ROOT, "%,d", i.size()))
                        .orElse("the"),
                own.metric
                        .interval()
                        .map(i -> " (95 % interval " + Numbers.range(i.low(), i.high()) + ")")
                        .orElse("")));
        List<String> gains = all.stream()
                .filter(m -> !m.own)
                .map(m -> String.format(
                        Locale.ROOT,
                        "%s points %s the %s%s",
                        Numbers.two(Math.abs(m.gain.orElseThrow().value())),
                        m.gain.orElseThrow().value() < 0 ? "below" : "above",
                        m.metric.name(),
                        bounds(m.gain.orElseThrow())))
                .toList();
        if (!gains.isEmpty()) {
            sentences.add("That is " + String.join("; ", gains) + ".");
        }
        return sentences;
    }

    private static String bounds(HalfSamples.Interval gain) {
        return gain.low() == gain.high()
                ? ""
                : " (" + Numbers.gain(gain.low()) + " to " + Numbers.gain(gain.high()) + ")";
    }

    private static String chart(List<Measured> all) {
        List<RowChart.Row> rows = new ArrayList<>();
        for (Measured m : all) {
            double low = m.metric.interval().map(Metric.Interval::low).orElse(m.metric.value());
            double high = m.metric.interval().map(Metric.Interval::high).orElse(m.metric.value());
            rows.add(new RowChart.Row(
                    m.metric.name(),
                    m.own,
                    List.of(new RowChart.Point(m.own ? 0 : 9, m.metric.value(), low, high)),
                    Numbers.of(m.metric),
                    ""));
        }
        boolean intervals = all.stream().anyMatch(m -> m.metric.interval().isPresent());
        return RowChart.ranges("kNN top-1, %", List.of(), rows)
                + (intervals ? Page.note("Lines are 95 % intervals over the test images.") : "");
    }

    private static String table(List<Measured> all) {
        List<List<String>> rows = new ArrayList<>();
        int own = 0;
        for (Measured m : all) {
            own = m.own ? rows.size() : own;
            rows.add(List.of(
                    m.metric.name(),
                    Numbers.two(m.metric.value()),
                    Numbers.uncertainty(m.metric),
                    m.gain.map(g -> Numbers.gain(g.value())).orElse(NONE),
                    m.gain.map(RunFindings::bounds)
                            .orElse("")
                            .replaceAll("[ ()]+", " ")
                            .strip()));
        }
        List<String> titles = List.of("features", "kNN top-1 %", "95 % interval", "gain of the run", "95 % interval");
        int[] told = IntStream.range(0, titles.size()) // of plain runs no gain has an interval
                .filter(c -> rows.stream().anyMatch(r -> !r.get(c).isEmpty()))
                .toArray();
        return Page.table(
                        Arrays.stream(told).mapToObj(titles::get).toList(),
                        rows.stream()
                                .map(r -> Arrays.stream(told)
                                        .mapToObj(c -> r.get(c).isEmpty() ? NONE : r.get(c))
                                        .toList())
                                .toList(),
                        true,
                        own)
                + (all.stream()
                                .anyMatch(m ->
                                        m.gain.filter(g -> g.low() < g.high()).isPresent())
                        ? Page.note("The interval of a gain is paired: both were asked for the same images.")
                        : "");
    }

    /// What the curves are held against, by their key: what other features than the run's reach.
    Map<String, List<LineChart.Level>> levels() {
        List<LineChart.Level> levels = new ArrayList<>();
        baselines.ifPresent(b -> b.metrics().forEach(m -> levels.add(new LineChart.Level(m.name(), m.value()))));
        return Map.of(KNN, levels);
    }

    private SequencedMap<String, String> facts() {
        SequencedMap<String, String> facts = new LinkedHashMap<>();
        facts.put("steps", String.format(Locale.ROOT, "%,d", metrics.steps()));
        metrics.last("epoch").ifPresent(v -> facts.put("epochs", Numbers.whole(v)));
        metrics.late("loss", LATE).ifPresent(v -> facts.put("loss, nats", String.format(Locale.ROOT, "%.3f", v)));
        metrics.late("accuracy", LATE).ifPresent(v -> facts.put("contrastive top-1", Numbers.two(100 * v) + " %"));
        metrics.median("imagesPerSecond").ifPresent(v -> facts.put("images a second", Numbers.whole(v)));
        metrics.hours().ifPresent(v -> facts.put("time in steps", v));
        return facts;
    }
}
