package org.jmoco.moco.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jmoco.eval.result.Confusion;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.ResultFolder;
import org.jmoco.moco.report.LineChart.Series;
import org.jmoco.tensor.Device;

/// `report.html` of a pre-training run, from what lies in its folder: first what was found, then the curves, pictures
/// of the features, health of queue and features; evaluations; behind lines that open it time and configuration.
public final class RunReport {
    public static final String FILE = "report.html";
    /// Where a run keeps what the monitor said at its end, a result as `jmoco knn` writes it.
    public static final String KNN = "knn";
    /// Where a run keeps what it is held against: a result whose metrics are by the same vote on the same images, each
    /// under the name of what was measured.
    public static final String BASELINES = "baselines";

    private static final String METRICS = "metrics.jsonl";

    private static final String LOSS_NOTE =
            "The loss of MoCo need not fall: the queue's keys come from an encoder that learns as well, and better "
                    + "keys are harder to tell from the right one. Whether the features improve is told by the "
                    + "nearest neighbours.";

    /// One curve of the report.
    ///
    /// @param key   in `metrics.jsonl`   @param scale what values are multiplied by   @param noisy whether it is
    ///     smoothed   @param note what to make of it, or empty
    private record Curve(String key, String title, double scale, boolean noisy, String note) {
        Curve(String key, String title, boolean noisy) {
            this(key, title, 1, noisy, "");
        }
    }

    private static final List<Curve> TRAINING = List.of(
            new Curve(KNN, "kNN top-1, %", false),
            new Curve("loss", "loss, nats", 1, true, LOSS_NOTE),
            new Curve(
                    "accuracy",
                    "contrastive top-1, %",
                    100,
                    true,
                    "How often the key of the same image is the nearest one."),
            new Curve("learningRate", "learning rate", false));
    private static final List<Curve> SUPERVISED = List.of(
            new Curve("accuracy", "accuracy while training, %", 100, true, ""),
            new Curve("positiveAnchors", "objects among the anchors drawn, %", 100, true, ""),
            new Curve("positiveRegions", "objects among the regions drawn, %", 100, true, ""),
            new Curve("namedRegions", "objects among the regions drawn that are named rightly, %", 100, true, ""),
            new Curve("learningRate", "learning rate", false));
    /// Parts of the loss of segmentation and detection, in words.
    private static final Map<String, String> PARTS = Map.of(
            "rpnClassLoss", "proposals: object or not",
            "rpnBoxLoss", "proposals: box",
            "classLoss", "class",
            "boxLoss", "box",
            "maskLoss", "mask",
            "decodeLoss", "head",
            "auxiliaryLoss", "auxiliary head");
    private static final List<Curve> HEALTH = List.of(
            new Curve("alignment", "alignment: distance² of the views of an image, smaller is closer", false),
            new Curve("uniformity", "uniformity: log potential of the features, smaller is more even", false),
            new Curve("effectiveRank", "effective rank of the features", false),
            new Curve("spread", "spread of the features, 1 over the sphere, 0 when collapsed", false),
            new Curve("positiveRank", "median rank of the positive among up to 4,096 negatives", false),
            new Curve("keyAge", "mean age of the keys in the queue, steps", false));
    private static final List<Curve> TIME = List.of(
            new Curve("imagesPerSecond", "images a second", true),
            new Curve("stepMillis", "training step, ms", true),
            new Curve("loadMillis", "waiting for images, ms a step", true),
            new Curve("slowestProcess", "number of the slowest process", false),
            new Curve("slowestComputeMillis", "slowest process: its own work, ms a step", true),
            new Curve("slowestWaitMillis", "slowest process: standing still for the network, ms a step", true),
            new Curve("knnMillis", "kNN monitor, ms", false),
            new Curve("checkpointMillis", "checkpoint, ms", false));

    private RunReport() {}

    /// Writes the report of a run that was carried on here and now, and when and where that was.
    ///
    /// @return the file
    public static Path write(Path run, Device device) {
        MadeOn.now(device).write(run);
        return write(run);
    }

    /// Writes the report of one run into its folder; of a folder with an evaluation alone, the page of that.
    ///
    /// @return the file
    /// @throws org.jmoco.nn.train.RunException if the folder holds neither
    public static Path write(Path run) {
        if (EvaluationReport.isAt(run)) {
            return EvaluationReport.write(run);
        }
        Metrics metrics = Metrics.read(run.resolve(METRICS));
        List<String> leads = new ArrayList<>(List.of("MoCo pre-training, without labels"));
        MadeOn.of(run).ifPresent(made -> leads.add(made.line()));
        Page page = new Page(name(run), leads);
        RunFindings findings = new RunFindings(metrics, result(run, KNN), result(run, BASELINES));
        findings.addTo(page);
        section(page, "Training", charts(metrics, TRAINING, findings.levels()));
        pictures(run, page);
        section(page, "Features and queue", charts(metrics, HEALTH, Map.of()));
        EvaluationReport.below(run).forEach((name, result) -> {
            if (!name.equals(KNN) && !name.equals(BASELINES)) {
                EvaluationReport.addTo(page, name + ": ", result);
            }
        });
        page.heading("More");
        List<String> time = charts(metrics, TIME, Map.of());
        if (!time.isEmpty()) {
            page.folded("Time", Page.grid(time));
        }
        text(run.resolve("config.yaml")).ifPresent(yaml -> page.folded("Configuration", Page.preformatted(yaml)));
        Path file = run.resolve(FILE);
        page.write(file);
        return file;
    }

    private static Optional<EvaluationResult> result(Path run, String name) {
        Path folder = run.resolve(name);
        return EvaluationReport.isAt(folder) ? Optional.of(ResultFolder.read(folder)) : Optional.empty();
    }

    static String name(Path run) {
        return run.toAbsolutePath().normalize().getFileName().toString();
    }

    static void section(Page page, String heading, List<String> cards) {
        if (!cards.isEmpty()) {
            page.heading(heading).cards(cards);
        }
    }

    /// The curves of a training that left its metrics in a folder, the loss with its parts in one chart; none if none
    /// did.
    static List<String> curves(Path run) {
        Path file = run.resolve(METRICS);
        if (!Files.isRegularFile(file)) {
            return List.of();
        }
        Metrics metrics = Metrics.read(file);
        List<Series> losses = new ArrayList<>();
        for (String name : metrics.names()) {
            if (name.equals("loss") || name.endsWith("Loss")) {
                metrics.series(name, PARTS.getOrDefault(name, name), true).ifPresent(losses::add);
            }
        }
        List<String> charts = new ArrayList<>();
        if (!losses.isEmpty()) {
            charts.add(LineChart.of(losses.size() > 1 ? "loss and its parts, nats" : "loss, nats", "step", losses));
        }
        charts.addAll(charts(metrics, SUPERVISED, Map.of()));
        return charts;
    }

    /// @param levels to hold a curve against, by its key
    private static List<String> charts(Metrics metrics, List<Curve> curves, Map<String, List<LineChart.Level>> levels) {
        List<String> charts = new ArrayList<>();
        for (Curve curve : curves) {
            metrics.series(curve.key, curve.title, curve.noisy)
                    .ifPresent(s -> charts.add(LineChart.of(
                            curve.title,
                            curve.note,
                            "step",
                            List.of(scaled(s, curve.scale)),
                            levels.getOrDefault(curve.key, List.of()))));
        }
        return charts;
    }

    private static Series scaled(Series s, double factor) {
        double[] y = s.y().clone();
        for (int i = 0; i < y.length; i++) {
            y[i] *= factor;
        }
        return new Series(s.name(), s.x(), y, s.noisy());
    }

    private static void pictures(Path run, Page page) {
        Optional<RunPictures.Neighbours> neighbours = RunPictures.neighbours(run);
        Optional<RunPictures.FeatureMap> map = RunPictures.map(run);
        if (neighbours.isEmpty() && map.isEmpty()) {
            return;
        }
        page.heading("What the features look like");
        neighbours.ifPresent(n -> page.card(Page.titled(
                "Test images, and the training images whose features are nearest",
                NeighbourStrips.of(n.sheet(), n.labels(), n.classes()))));
        List<String> cards = new ArrayList<>();
        map.ifPresent(m -> cards.add(ScatterMap.of(
                        "Test images by their features, on a plane (t-SNE)", m.positions(), m.labels(), m.classes())
                + Page.note("Points that lie together have features that are alike. Classes were not trained on.")));
        Optional<Confusion> confusion = result(run, KNN).flatMap(EvaluationResult::confusion);
        boolean wide = confusion.isPresent()
                && ConfusionMatrix.isWide(confusion.get().counts().size());
        confusion.filter(c -> !wide).map(EvaluationReport::confusion).ifPresent(cards::add);
        if (!cards.isEmpty()) {
            page.cards(cards);
        }
        confusion.filter(c -> wide).ifPresent(c -> page.card(EvaluationReport.confusion(c)));
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
                "Side by side",
                List.of(String.join(", ", folders.stream().map(RunReport::name).toList())));
        List<Path> runs =
                folders.stream().filter(f -> !EvaluationReport.isAt(f)).toList();
        List<Metrics> all =
                runs.stream().map(r -> Metrics.read(r.resolve(METRICS))).toList();
        page.heading("What was found");
        if (!runs.isEmpty()) {
            page.card(Page.table(
                    List.of("run", "kNN top-1 %", "95 % interval", "steps", "loss", "contrastive top-1 %", "images/s"),
                    rows(runs, all),
                    true));
        }
        EvaluationComparison.addTo(page, folders);
        section(page, "Training", side(runs, all, TRAINING));
        section(page, "Features and queue", side(runs, all, HEALTH));
        page.heading("What differs in the configurations").card(ConfigDifference.table(folders));
        page.write(file);
    }

    private static List<List<String>> rows(List<Path> runs, List<Metrics> all) {
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            Metrics m = all.get(i);
            rows.add(List.of(
                    name(runs.get(i)),
                    m.last(KNN).map(Numbers::two).orElse("–"),
                    result(runs.get(i), KNN)
                            .map(r -> Numbers.uncertainty(r.metrics().getFirst()))
                            .orElse("–"),
                    String.format(Locale.ROOT, "%,d", m.steps()),
                    m.late("loss", RunFindings.LATE)
                            .map(v -> String.format(Locale.ROOT, "%.3f", v))
                            .orElse("–"),
                    m.late("accuracy", RunFindings.LATE)
                            .map(v -> Numbers.two(100 * v))
                            .orElse("–"),
                    m.median("imagesPerSecond").map(Numbers::whole).orElse("–")));
        }
        return rows;
    }

    private static List<String> side(List<Path> runs, List<Metrics> all, List<Curve> curves) {
        List<String> charts = new ArrayList<>();
        for (Curve curve : curves) {
            List<Series> series = new ArrayList<>();
            for (int i = 0; i < runs.size(); i++) {
                String run = name(runs.get(i));
                all.get(i).series(curve.key, run, curve.noisy).ifPresent(s -> series.add(scaled(s, curve.scale)));
            }
            if (!series.isEmpty()) {
                charts.add(LineChart.of(curve.title, curve.note, "step", series, List.of()));
            }
        }
        return charts;
    }
}
