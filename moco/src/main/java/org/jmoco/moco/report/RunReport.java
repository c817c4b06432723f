package org.jmoco.moco.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import org.jmoco.moco.report.LineChart.Series;

/// `report.html` of a pre-training run, from what lies in its folder: curves, kNN accuracy, health of queue and
/// features, pictures, evaluations, configuration.
public final class RunReport {
    public static final String FILE = "report.html";
    private static final String METRICS = "metrics.jsonl";

    /// One curve of the report. @param key in `metrics.jsonl` @param scale what values are multiplied by
    private record Curve(String key, String title, double scale) {}

    private static final List<Curve> TRAINING = List.of(
            new Curve("loss", "loss, nats", 1),
            new Curve("accuracy", "contrastive top-1, %", 100),
            new Curve("knn", "kNN top-1, %", 1),
            new Curve("learningRate", "learning rate", 1),
            new Curve("imagesPerSecond", "images a second", 1));
    private static final List<Curve> HEALTH = List.of(
            new Curve("alignment", "alignment: distance² of the views of an image, smaller is closer", 1),
            new Curve("uniformity", "uniformity: log potential of the features, smaller is more even", 1),
            new Curve("effectiveRank", "effective rank of the features", 1),
            new Curve("spread", "spread of the features, 1 over the sphere, 0 when collapsed", 1),
            new Curve("positiveRank", "median rank of the positive among up to 4,096 negatives", 1),
            new Curve("keyAge", "mean age of the keys in the queue, steps", 1));
    private static final List<Curve> TIME = List.of(
            new Curve("loadMillis", "waiting for images, ms a step", 1),
            new Curve("stepMillis", "training step, ms", 1),
            new Curve("slowestProcess", "number of the slowest process", 1),
            new Curve("slowestComputeMillis", "slowest process: its own work, ms a step", 1),
            new Curve("slowestWaitMillis", "slowest process: standing still for the network, ms a step", 1),
            new Curve("knnMillis", "kNN monitor, ms", 1),
            new Curve("checkpointMillis", "checkpoint, ms", 1));

    private RunReport() {}

    /// Writes the report of one run into its folder; of a folder with an evaluation alone, the page of that.
    ///
    /// @return the file
    /// @throws org.jmoco.nn.train.RunException if the folder holds neither
    public static Path write(Path run) {
        if (EvaluationReport.isAt(run)) {
            return EvaluationReport.write(run);
        }
        Metrics metrics = Metrics.read(run.resolve(METRICS));
        Page page = new Page(
                name(run), "MoCo pre-training, " + String.format(Locale.ROOT, "%,d", metrics.steps()) + " steps");
        page.numbers(headline(metrics));
        page.heading("Training").cards(charts(metrics, TRAINING));
        section(page, "What the features look like", pictures(run));
        section(page, "Features and queue", charts(metrics, HEALTH));
        section(page, "Time", charts(metrics, TIME));
        EvaluationReport.below(run).forEach((name, result) -> {
            page.heading(name + ": " + result.protocol());
            EvaluationReport.addTo(page, result);
        });
        text(run.resolve("config.yaml"))
                .ifPresent(yaml -> page.heading("Configuration").cards(List.of(Page.preformatted(yaml))));
        Path file = run.resolve(FILE);
        page.write(file);
        return file;
    }

    static String name(Path run) {
        return run.toAbsolutePath().normalize().getFileName().toString();
    }

    static void section(Page page, String heading, List<String> cards) {
        if (!cards.isEmpty()) {
            page.heading(heading).cards(cards);
        }
    }

    private static SequencedMap<String, String> headline(Metrics metrics) {
        SequencedMap<String, String> numbers = new LinkedHashMap<>();
        metrics.last("loss").ifPresent(v -> numbers.put("loss, nats", String.format(Locale.ROOT, "%.3f", v)));
        metrics.last("accuracy")
                .ifPresent(v -> numbers.put("contrastive top-1", String.format(Locale.ROOT, "%.1f %%", 100 * v)));
        metrics.last("knn").ifPresent(v -> numbers.put("kNN top-1", String.format(Locale.ROOT, "%.2f %%", v)));
        metrics.last("epoch").ifPresent(v -> numbers.put("epochs", String.format(Locale.ROOT, "%.0f", v)));
        metrics.median("imagesPerSecond")
                .ifPresent(v -> numbers.put("images a second", String.format(Locale.ROOT, "%.0f", v)));
        return numbers;
    }

    /// The curves of a training that left its metrics in a folder, then the parts of its loss, such as `rpnClassLoss`;
    /// none if none did.
    static List<String> curves(Path run) {
        Path file = run.resolve(METRICS);
        if (!Files.isRegularFile(file)) {
            return List.of();
        }
        Metrics metrics = Metrics.read(file);
        List<Curve> curves = new ArrayList<>(TRAINING);
        metrics.names().stream()
                .filter(name -> name.endsWith("Loss"))
                .forEach(part -> curves.add(new Curve(part, part, 1)));
        return charts(metrics, curves);
    }

    private static List<String> charts(Metrics metrics, List<Curve> curves) {
        List<String> charts = new ArrayList<>();
        for (Curve curve : curves) {
            metrics.series(curve.key(), curve.title())
                    .ifPresent(s -> charts.add(LineChart.of(curve.title(), "step", List.of(scaled(s, curve.scale())))));
        }
        return charts;
    }

    private static Series scaled(Series s, double factor) {
        double[] y = s.y().clone();
        for (int i = 0; i < y.length; i++) {
            y[i] *= factor;
        }
        return new Series(s.name(), s.x(), y);
    }

    private static List<String> pictures(Path run) {
        List<String> cards = new ArrayList<>();
        RunPictures.neighbours(run)
                .ifPresent(png -> cards.add("<b>Test images and their nearest training images</b><br>"
                        + Page.png(png, "nearest neighbours")));
        RunPictures.map(run)
                .ifPresent(map -> cards.add("<b>Features on a plane (t-SNE)</b>"
                        + ScatterMap.of("features on a plane", map.positions(), map.labels(), map.classes())));
        return cards;
    }

    private static Optional<String> text(Path file) {
        try {
            return Files.isRegularFile(file) ? Optional.of(Files.readString(file)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    /// Writes a page that compares runs, with the evaluations in their folders, or evaluations alone.
    public static void compare(List<Path> folders, Path file) {
        Page page = new Page(
                "Runs side by side",
                String.join(", ", folders.stream().map(RunReport::name).toList()));
        List<Path> runs =
                folders.stream().filter(f -> !EvaluationReport.isAt(f)).toList();
        if (!runs.isEmpty()) {
            List<Metrics> all =
                    runs.stream().map(r -> Metrics.read(r.resolve(METRICS))).toList();
            page.cards(List.of(Page.table(
                    List.of("run", "steps", "loss", "contrastive top-1", "kNN, %", "images/s"),
                    rows(runs, all),
                    true)));
            page.heading("Training").cards(side(runs, all, TRAINING));
            section(page, "Features and queue", side(runs, all, HEALTH));
        }
        EvaluationComparison.addTo(page, folders);
        page.heading("What differs in the configurations").cards(List.of(ConfigDifference.table(folders)));
        page.write(file);
    }

    private static List<List<String>> rows(List<Path> runs, List<Metrics> all) {
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            List<String> row = new ArrayList<>(List.of(
                    name(runs.get(i)),
                    String.format(Locale.ROOT, "%,d", all.get(i).steps())));
            for (String key : List.of("loss", "accuracy", "knn", "imagesPerSecond")) {
                row.add(all.get(i)
                        .last(key)
                        .map(v -> String.format(Locale.ROOT, "%.3f", v))
                        .orElse("–"));
            }
            rows.add(row);
        }
        return rows;
    }

    private static List<String> side(List<Path> runs, List<Metrics> all, List<Curve> curves) {
        List<String> charts = new ArrayList<>();
        for (Curve curve : curves) {
            List<Series> series = new ArrayList<>();
            for (int i = 0; i < runs.size(); i++) {
                String run = name(runs.get(i));
                all.get(i).series(curve.key(), run).ifPresent(s -> series.add(scaled(s, curve.scale())));
            }
            if (!series.isEmpty()) {
                charts.add(LineChart.of(curve.title(), "step", series));
            }
        }
        return charts;
    }
}
