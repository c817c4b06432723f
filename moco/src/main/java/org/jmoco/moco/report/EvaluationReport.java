package org.jmoco.moco.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jmoco.eval.result.Confusion;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.Metric;
import org.jmoco.eval.result.Provenance;
import org.jmoco.eval.result.ResultFolder;
import org.jmoco.eval.result.ResultTable;
import org.jmoco.tensor.Device;

/// The page of an evaluation, and the sections about evaluations in the report of a run: first what was found, with
/// baselines and uncertainty; then what lies behind it, by class, over recall, shots and the depth of the network, and
/// which classes were taken for which; pictures and training; behind lines that open them the tables and what it was
/// all made from.
public final class EvaluationReport {
    private static final int MOST_BARS = 100;
    private static final int MOST_CELLS = 30;
    private static final int WIDEST_TABLE = 12;
    private static final int LONGEST_TABLE = 120;
    private static final int DEEPEST = 4;

    private EvaluationReport() {}

    /// Writes a result into a folder, `report.html` and when and where it was made beside it. Equal results give equal
    /// bytes of the result.
    ///
    /// @return the page
    public static Path write(Path folder, EvaluationResult result) {
        ResultFolder.write(folder, result);
        MadeOn.now(Device.current()).write(folder);
        return page(folder, result);
    }

    /// Writes the page of a folder that holds a result. The same folder gives the same bytes.
    ///
    /// @throws org.jmoco.tensor.io.FormatException if the result is damaged
    static Path write(Path folder) {
        return page(folder, ResultFolder.read(folder));
    }

    private static Path page(Path folder, EvaluationResult result) {
        List<String> leads = new ArrayList<>(List.of("Evaluation of an encoder by " + result.protocol()));
        MadeOn.of(folder).ifPresent(made -> leads.add(made.line()));
        Page page = new Page(title(result.protocol()), leads);
        page.heading("What was found");
        EvaluationFindings findings = new EvaluationFindings(result);
        findings.addTo(page);
        List<String> behind = behind(result);
        RunReport.section(page, "What lies behind it", behind);
        wideConfusion(page, result);
        EvaluationPictures.addTo(page, folder, result);
        RunReport.section(page, "Training", RunReport.curves(folder));
        page.heading("More");
        folded(page, result, findings);
        Path file = folder.resolve(RunReport.FILE);
        page.write(file);
        return file;
    }

    /// The protocol without the settings that differ from it, its kind in words.
    private static String title(String protocol) {
        String name = protocol.replaceFirst(" \\[.*", "");
        return name.startsWith("detect/")
                ? "Detection: " + name.substring("detect/".length())
                : name.startsWith("segment/") ? "Segmentation: " + name.substring("segment/".length()) : name;
    }

    /// All that a result says, as a part of the page of a run.
    ///
    /// @param before the result's name, as the beginning of the heading
    static void addTo(Page page, String before, EvaluationResult result) {
        page.heading(before + result.protocol());
        EvaluationFindings findings = new EvaluationFindings(result);
        findings.addTo(page);
        List<String> behind = behind(result);
        if (!behind.isEmpty()) {
            page.cards(behind);
        }
        wideConfusion(page, result);
        folded(page, result, findings);
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

    private static List<String> behind(EvaluationResult result) {
        List<String> cards = new ArrayList<>();
        cards.addAll(overShots(List.of(new Named("", result))));
        cards.addAll(overDepth(List.of(new Named("", result))));
        cards.addAll(PrecisionRecallChart.cards(result));
        result.tables().forEach(t -> bars(t, cards));
        result.confusion()
                .filter(c -> !ConfusionMatrix.isWide(c.counts().size()))
                .map(EvaluationReport::confusion)
                .ifPresent(cards::add);
        return cards;
    }

    private static void wideConfusion(Page page, EvaluationResult result) {
        result.confusion()
                .filter(c -> ConfusionMatrix.isWide(c.counts().size()))
                .ifPresent(c -> page.card(confusion(c)));
    }

    private static void folded(Page page, EvaluationResult result, EvaluationFindings findings) {
        if (!findings.single().isEmpty()) {
            page.folded("Single measurements", EvaluationFindings.table(findings.single()));
        }
        result.tables().stream()
                .filter(t -> !findings.isShown(t))
                .filter(t -> t.columns().size() <= WIDEST_TABLE && t.rows().size() <= LONGEST_TABLE)
                .forEach(t -> page.folded(capitalized(t.title()), cells(t)));
        page.folded("Made from", provenance(result));
    }

    private static String capitalized(String text) {
        return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    /// A result under the name of what was evaluated.
    ///
    /// @param name empty if there is nothing to tell it from
    record Named(String name, EvaluationResult result) {}

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

    /// What every class reaches, if the table has it, the best first.
    private static void bars(ResultTable table, List<String> cards) {
        int name = table.columns().indexOf("class");
        int value = Math.max(table.columns().indexOf("AP %"), table.columns().indexOf("IoU %"));
        if (name < 0 || value < 0 || table.rows().size() > MOST_BARS) {
            return;
        }
        List<RowChart.Row> bars = table.rows().stream()
                .filter(r -> r.get(value) instanceof Number)
                .sorted(Comparator.comparingDouble(r -> -((Number) r.get(value)).doubleValue()))
                .map(r -> {
                    double v = ((Number) r.get(value)).doubleValue();
                    return new RowChart.Row(
                            r.get(name).toString(), false, List.of(new RowChart.Point(0, v)), Numbers.two(v), "");
                })
                .toList();
        List<String> without = table.rows().stream()
                .filter(r -> !(r.get(value) instanceof Number))
                .map(r -> r.get(name).toString())
                .toList();
        if (!bars.isEmpty()) {
            String about = table.title()
                    .replaceFirst("(?i)\\b(by class|classes)\\b", "")
                    .strip();
            cards.add(RowChart.bars(
                            (about.isEmpty() ? "" : about + ": ")
                                    + (table.columns().get(value).startsWith("AP")
                                            ? "average precision"
                                            : "intersection over union")
                                    + " of every class, %",
                            bars,
                            100)
                    + (without.isEmpty()
                            ? ""
                            : Page.note("Not in the test images: " + String.join(", ", without) + ".")));
        }
    }

    /// The table of classes taken for each other, with the most frequent mistakes in words; those alone if there are
    /// too many classes to look at.
    static String confusion(Confusion confusion) {
        int n = confusion.counts().size();
        List<String> names = confusion.classes().isEmpty()
                ? IntStream.range(0, n).mapToObj(c -> "class " + c).toList()
                : confusion.classes();
        long[][] counts = confusion.counts().stream()
                .map(row -> row.stream().mapToLong(Integer::longValue).toArray())
                .toArray(long[][]::new);
        String mistakes = ConfusionMatrix.mistakes(counts, names);
        String title = "Classes taken for others, " + confusion.metric();
        return n > MOST_CELLS
                ? Page.titled(title, Page.note(mistakes + " All " + n + " classes are in " + ResultFolder.RESULT + "."))
                : ConfusionMatrix.of(title, counts, names) + Page.note(mistakes);
    }

    /// A table with equally many decimals in a column.
    static String cells(ResultTable table) {
        List<List<String>> columns = new ArrayList<>();
        for (int c = 0; c < table.columns().size(); c++) {
            int column = c;
            columns.add(Numbers.column(
                    table.columns().get(c),
                    table.rows().stream().map(r -> r.get(column)).toList()));
        }
        List<List<String>> rows = new ArrayList<>();
        for (int r = 0; r < table.rows().size(); r++) {
            int row = r;
            rows.add(columns.stream().map(column -> column.get(row)).toList());
        }
        return Page.table(table.columns(), rows, true);
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

    /// `67.50 % ± 0.31`, or with the interval if there is no spread.
    static String withUncertainty(Metric m) {
        return Numbers.of(m)
                + m.spread()
                        .map(s -> " ± " + Numbers.two(s.std()))
                        .or(() -> m.interval().map(i -> " (" + Numbers.range(i.low(), i.high()) + ")"))
                        .orElse("");
    }
}
