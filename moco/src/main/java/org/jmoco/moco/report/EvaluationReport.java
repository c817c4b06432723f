package org.jmoco.moco.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jmoco.eval.result.Confusion;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.Metric;
import org.jmoco.eval.result.Provenance;
import org.jmoco.eval.result.Published;
import org.jmoco.eval.result.ResultFolder;
import org.jmoco.eval.result.ResultTable;
import org.jmoco.moco.report.BarChart.Bar;

/// The page of an evaluation, and the sections about evaluations in the report of a run: numbers with their
/// uncertainty, the published ones beside them, precision by class and over recall, curves over shots and over the
/// depth of the network, which classes were taken for which, and what it was all made from.
public final class EvaluationReport {
    private static final int HEADLINES = 6;
    private static final int MOST_BARS = 100;
    private static final int MOST_CELLS = 30;
    private static final int WIDEST_TABLE = 12;
    private static final int LONGEST_TABLE = 120;
    private static final int DEEPEST = 4;

    private EvaluationReport() {}

    /// Writes a result into a folder, and `report.html` beside it. Equal results give equal bytes.
    ///
    /// @return the page
    public static Path write(Path folder, EvaluationResult result) {
        ResultFolder.write(folder, result);
        return page(folder, result);
    }

    /// Writes the page of a folder that holds a result.
    ///
    /// @throws org.jmoco.tensor.io.FormatException if the result is damaged
    static Path write(Path folder) {
        return page(folder, ResultFolder.read(folder));
    }

    private static Path page(Path folder, EvaluationResult result) {
        Page page = new Page(result.protocol(), "evaluation of an encoder");
        page.numbers(headline(result));
        String pictures = result.protocol().startsWith("detect/")
                ? "Images: what is annotated, what was found"
                : "Images: as they are, truth, prediction";
        RunReport.section(page, pictures, EvaluationPictures.cards(folder));
        RunReport.section(page, "Training", RunReport.curves(folder));
        addTo(page, result);
        Path file = folder.resolve(RunReport.FILE);
        page.write(file);
        return file;
    }

    static boolean isAt(Path folder) {
        return Files.isRegularFile(folder.resolve(ResultFolder.RESULT));
    }

    /// The results in a folder and in those below it, by their path from there, in order; `.` is the folder's own.
    /// What cannot be read is an error.
    static SequencedMap<String, EvaluationResult> below(Path folder) {
        SequencedMap<String, EvaluationResult> results = new LinkedHashMap<>();
        try (Stream<Path> files = Files.find(
                folder,
                DEEPEST,
                (path, about) ->
                        about.isRegularFile() && path.getFileName().toString().equals(ResultFolder.RESULT))) {
            for (Path file : files.sorted().toList()) {
                Path from = folder.relativize(file.getParent());
                results.put(from.toString().isEmpty() ? "." : from.toString(), ResultFolder.read(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " cannot be read: " + e.getMessage(), e);
        }
        return results;
    }

    /// The first metrics, large.
    private static SequencedMap<String, String> headline(EvaluationResult result) {
        SequencedMap<String, String> numbers = new LinkedHashMap<>();
        result.metrics().stream()
                .filter(m -> m.unit().equals("%"))
                .limit(HEADLINES)
                .forEach(m -> numbers.put(m.name(), value(m)));
        return numbers;
    }

    /// All that a result says, under headings.
    static void addTo(Page page, EvaluationResult result) {
        List<String> cards = new ArrayList<>();
        cards.add(metrics(result));
        if (!result.published().isEmpty()) {
            cards.add("<b>Published</b>" + published(result));
        }
        cards.addAll(overShots(List.of(new Named("", result))));
        cards.addAll(overDepth(List.of(new Named("", result))));
        cards.addAll(PrecisionRecallChart.cards(result));
        result.tables().forEach(t -> bars(t, cards));
        result.confusion().ifPresent(c -> cards.add(confusion(c)));
        page.heading("Results").cards(cards);
        List<String> tables = result.tables().stream()
                .filter(t -> t.columns().size() <= WIDEST_TABLE && t.rows().size() <= LONGEST_TABLE)
                .map(EvaluationReport::table)
                .toList();
        if (!tables.isEmpty()) {
            page.heading("Tables").cards(tables);
        }
        page.heading("Made from").cards(List.of(provenance(result)));
    }

    /// A result under the name of what was evaluated.
    ///
    /// @param name empty if there is nothing to tell it from
    record Named(String name, EvaluationResult result) {}

    /// Value, spread and interval of every metric.
    private static String metrics(EvaluationResult result) {
        boolean spread = result.metrics().stream().anyMatch(m -> m.spread().isPresent());
        boolean interval = result.metrics().stream().anyMatch(m -> m.interval().isPresent());
        List<String> head = new ArrayList<>(List.of("metric", "value"));
        head.addAll(spread ? List.of("std", "least to most") : List.of());
        head.addAll(interval ? List.of(String.format(Locale.ROOT, "%.0f %% interval", 100 * Metric.LEVEL)) : List.of());
        List<List<String>> rows = new ArrayList<>();
        for (Metric m : result.metrics()) {
            List<String> row = new ArrayList<>(List.of(m.name(), value(m)));
            if (spread) {
                row.add(m.spread().map(s -> "± " + number(s.std())).orElse(""));
                row.add(m.spread()
                        .map(s -> number(s.min()) + " to " + number(s.max()))
                        .orElse(""));
            }
            if (interval) {
                row.add(m.interval()
                        .map(i -> number(i.low()) + " to " + number(i.high()))
                        .orElse(""));
            }
            rows.add(row);
        }
        return Page.table(head, rows, true);
    }

    /// Ours first, then a row for each published encoder.
    private static String published(EvaluationResult result) {
        List<String> names =
                result.published().stream().map(Published::metric).distinct().toList();
        List<String> head = new ArrayList<>(List.of("encoder", "feature"));
        head.addAll(names);
        List<String> ours = new ArrayList<>(List.of("this one", ""));
        names.forEach(n -> ours.add(result.metrics().stream()
                .filter(m -> m.name().equals(n))
                .findFirst()
                .map(EvaluationReport::value)
                .orElse("")));
        Map<List<String>, String[]> rows = new LinkedHashMap<>();
        for (Published p : result.published()) {
            String[] values = rows.computeIfAbsent(
                    List.of(p.method() + " (" + p.source() + ")", p.layer()),
                    k -> IntStream.range(0, names.size()).mapToObj(i -> "").toArray(String[]::new));
            values[names.indexOf(p.metric())] = number(p.value()) + " %";
        }
        List<List<String>> all = new ArrayList<>(List.of(ours));
        rows.forEach((key, values) ->
                all.add(Stream.concat(key.stream(), Stream.of(values)).toList()));
        return Page.table(head, all, true);
    }

    /// Curves of the metrics that exist for several numbers of shots.
    static List<String> overShots(List<Named> results) {
        return MetricCurves.overShots(results).stream()
                .map(c -> BandChart.of(c.title() + ", %", "labelled images a class", c.places(), c.curves()))
                .toList();
    }

    /// Curves of the metrics that exist for several stages of the network.
    static List<String> overDepth(List<Named> results) {
        return MetricCurves.overDepth(results).stream()
                .map(c -> BandChart.of(c.title() + ", %", "feature", c.places(), c.curves()))
                .toList();
    }

    /// The precision of every class, if the table has it.
    private static void bars(ResultTable table, List<String> cards) {
        int name = table.columns().indexOf("class");
        int value = table.columns().indexOf("AP %");
        if (name >= 0 && value >= 0 && table.rows().size() <= MOST_BARS) {
            List<Bar> bars = table.rows().stream()
                    .map(r -> new Bar(
                            r.get(name).toString(), r.get(value) instanceof Number n ? n.doubleValue() : Double.NaN))
                    .toList();
            cards.add(BarChart.of("average precision of every class, %", bars, 100));
        }
    }

    private static String confusion(Confusion confusion) {
        int n = confusion.counts().size();
        if (n > MOST_CELLS) {
            return "The classes that are taken for others, of " + n + " classes, are in " + ResultFolder.RESULT + ".";
        }
        long[][] counts = confusion.counts().stream()
                .map(row -> row.stream().mapToLong(Integer::longValue).toArray())
                .toArray(long[][]::new);
        List<String> names = confusion.classes().isEmpty()
                ? IntStream.range(0, n).mapToObj(Integer::toString).toList()
                : confusion.classes();
        return ConfusionMatrix.of("true classes (rows) taken for (columns), " + confusion.metric(), counts, names);
    }

    private static String table(ResultTable table) {
        List<List<String>> rows = table.rows().stream()
                .map(r -> r.stream()
                        .map(c -> c instanceof Double d ? number(d) : c.toString())
                        .toList())
                .toList();
        return "<b>" + Svg.escape(table.title()) + "</b>" + Page.table(table.columns(), rows, true);
    }

    private static String provenance(EvaluationResult result) {
        Provenance p = result.provenance();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("protocol", result.protocol()));
        rows.add(List.of("software", p.software()));
        rows.add(List.of("seed", Long.toString(p.seed())));
        p.inputs().forEach(i -> rows.add(List.of(i.role(), i.name() + ", sha256 " + i.sha256())));
        p.config().forEach((key, value) -> {
            if (!value.toString().equals("null")) {
                rows.add(List.of(key, value.toString()));
            }
        });
        return Page.table(List.of("", ""), rows, false);
    }

    /// `67.50 %`.
    static String value(Metric m) {
        return number(m.value()) + (m.unit().isEmpty() ? "" : " " + m.unit());
    }

    /// `67.50 % ± 0.31`, or with the interval if there is no spread.
    static String withUncertainty(Metric m) {
        return value(m)
                + m.spread()
                        .map(s -> " ± " + number(s.std()))
                        .or(() -> m.interval().map(i -> " (" + number(i.low()) + " to " + number(i.high()) + ")"))
                        .orElse("");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value == 0 || Math.abs(value) >= 1 ? "%.2f" : "%.3g", value);
    }
}
