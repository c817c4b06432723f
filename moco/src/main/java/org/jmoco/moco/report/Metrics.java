package org.jmoco.moco.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jmoco.nn.train.MetricsLog;
import org.jmoco.nn.train.RunException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/// A run's `metrics.jsonl` as curves: every number that a line names, over the step it belongs to.
final class Metrics {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String STEP = "step";

    private final SequencedMap<String, List<double[]>> points = new LinkedHashMap<>();

    private Metrics() {}

    /// Reads a log; a last line that a running program has not finished is left out.
    ///
    /// @throws RunException if there is none, or a line is not JSON
    static Metrics read(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (Files.isRegularFile(folder)) {
            throw new RunException(folder + " is a file: name the folder of a run or of an evaluation");
        }
        if (!Files.isRegularFile(file)) {
            throw new RunException(file + " is missing: the folder holds no run");
        }
        Metrics metrics = new Metrics();
        List<String> lines = MetricsLog.lines(file);
        for (int i = 0; i < lines.size(); i++) {
            try {
                metrics.add(lines.get(i));
            } catch (StreamReadException e) {
                if (i < lines.size() - 1) {
                    throw new RunException(file + ", line " + (i + 1) + ": is not JSON: " + e.getOriginalMessage(), e);
                }
            }
        }
        return metrics;
    }

    private void add(String line) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        try (JsonParser p = JSON.createParser(ObjectReadContext.empty(), line)) {
            p.nextToken();
            while (p.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = p.currentName();
                JsonToken value = p.nextToken();
                if (value.isNumeric()) {
                    numbers.put(name, p.getDoubleValue());
                } else {
                    p.skipChildren();
                }
            }
        }
        Double step = numbers.remove(STEP);
        if (step != null) {
            numbers.forEach((name, value) ->
                    points.computeIfAbsent(name, n -> new ArrayList<>()).add(new double[] {step, value}));
        }
    }

    /// Names of all numbers, in the order in which they first came up.
    List<String> names() {
        return List.copyOf(points.keySet());
    }

    /// A number over the steps; empty if no line has it.
    ///
    /// @param title what the curve is called
    /// @param noisy whether each value is a single draw of something that moves slowly
    Optional<LineChart.Series> series(String name, String title, boolean noisy) {
        List<double[]> found = points.get(name);
        return found == null
                ? Optional.empty()
                : Optional.of(new LineChart.Series(
                        title,
                        found.stream().mapToDouble(p -> p[0]).toArray(),
                        found.stream().mapToDouble(p -> p[1]).toArray(),
                        noisy));
    }

    /// The last value of a number.
    Optional<Double> last(String name) {
        return Optional.ofNullable(points.get(name)).map(p -> p.getLast()[1]);
    }

    /// The mean of the last values of a number: of this share of them, at least one.
    Optional<Double> late(String name, double share) {
        return Optional.ofNullable(points.get(name)).map(all -> {
            int n = Math.max(1, (int) (share * all.size()));
            return all.subList(all.size() - n, all.size()).stream()
                    .mapToDouble(p -> p[1])
                    .average()
                    .orElseThrow();
        });
    }

    /// The first step that has a number, and its value there.
    Optional<double[]> first(String name) {
        return Optional.ofNullable(points.get(name)).map(List::getFirst);
    }

    /// Time spent in steps, in words: `85 s`, `2.2 h`.
    Optional<String> hours() {
        return Optional.ofNullable(points.get("stepMillis")).map(all -> {
            double seconds = all.stream().mapToDouble(p -> p[1]).sum() / 1000;
            return seconds < 600
                    ? String.format(Locale.ROOT, "%.0f s", seconds)
                    : seconds < 6000
                            ? String.format(Locale.ROOT, "%.0f min", seconds / 60)
                            : String.format(Locale.ROOT, "%.1f h", seconds / 3600);
        });
    }

    /// The middle value of a number.
    Optional<Double> median(String name) {
        return Optional.ofNullable(points.get(name))
                .map(all -> all.stream().mapToDouble(p -> p[1]).sorted().toArray()[all.size() / 2]);
    }

    /// The last step of any line; 0 if there is none.
    long steps() {
        return points.values().stream()
                .mapToLong(p -> (long) p.getLast()[0])
                .max()
                .orElse(0);
    }
}
