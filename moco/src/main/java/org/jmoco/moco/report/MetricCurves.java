package org.jmoco.moco.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jmoco.eval.result.Metric;
import org.jmoco.moco.report.BandChart.Curve;
import org.jmoco.moco.report.BandChart.Point;
import org.jmoco.moco.report.EvaluationReport.Named;

/// Metrics of a kind as curves: `mAP k=1`, `mAP k=2`, … over the number of shots, `top-1 feature1`, … over the
/// depth, those of untrained encoders beside.
///
/// @param title what the values are   @param places from left to right   @param curves one for each encoder
record MetricCurves(String title, List<String> places, List<Curve> curves) {
    private static final Pattern SHOTS = Pattern.compile("(.*\\bmAP) k=(\\d+)(, untrained)?");
    private static final Pattern DEPTH =
            Pattern.compile("(.*top-1) (feature[1-5]|avgpool)(?: adaptive)?(, untrained)?");

    static List<MetricCurves> overShots(List<Named> results) {
        return of(results, SHOTS);
    }

    static List<MetricCurves> overDepth(List<Named> results) {
        return of(results, DEPTH);
    }

    private static List<MetricCurves> of(List<Named> results, Pattern pattern) {
        SequencedMap<String, SequencedMap<String, Map<Long, Metric>>> byTitle = new LinkedHashMap<>();
        for (Named result : results) {
            for (Metric m : result.result().metrics()) {
                Matcher match = pattern.matcher(m.name());
                if (match.matches()) {
                    String encoder = (result.name()
                                    + (match.group(3) == null
                                            ? ""
                                            : result.name().isEmpty() ? "untrained" : ", untrained"))
                            .strip();
                    byTitle.computeIfAbsent(match.group(1), t -> new LinkedHashMap<>())
                            .computeIfAbsent(encoder.isEmpty() ? "trained" : encoder, e -> new TreeMap<>())
                            .put(place(match.group(2)), m);
                }
            }
        }
        List<MetricCurves> all = new ArrayList<>();
        byTitle.forEach((title, encoders) -> {
            List<Long> places = encoders.values().stream()
                    .flatMap(m -> m.keySet().stream())
                    .distinct()
                    .sorted()
                    .toList();
            List<Curve> curves = new ArrayList<>();
            encoders.forEach((name, metrics) -> curves.add(new Curve(
                    name, places.stream().map(p -> point(metrics.get(p))).toList())));
            if (BandChart.isWorthwhile(curves)) {
                all.add(new MetricCurves(
                        title, places.stream().map(p -> name(p, pattern)).toList(), curves));
            }
        });
        return all;
    }

    /// Where a place stands: shots by their number, features by their stage, pooled ones last.
    private static long place(String text) {
        return text.equals("avgpool") ? 6 : Long.parseLong(text.replaceAll("\\D", ""));
    }

    private static String name(long place, Pattern pattern) {
        return pattern == SHOTS ? Long.toString(place) : place == 6 ? "avgpool" : "feature" + place;
    }

    /// The band is one standard deviation to either side, where there are several measurements; else the interval.
    private static Point point(Metric m) {
        if (m == null) {
            return new Point(Double.NaN, Double.NaN, Double.NaN);
        }
        return m.spread()
                .map(s -> new Point(m.value(), m.value() - s.std(), m.value() + s.std()))
                .or(() -> m.interval().map(i -> new Point(m.value(), i.low(), i.high())))
                .orElse(new Point(m.value(), m.value(), m.value()));
    }
}
