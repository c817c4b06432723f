package org.jmoco.moco.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jmoco.eval.result.Confusion;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.Items;
import org.jmoco.eval.result.Metric;
import org.jmoco.eval.result.Provenance;
import org.jmoco.eval.result.Published;
import org.jmoco.eval.result.ResultTable;
import org.jmoco.eval.stats.Summary;
import org.jmoco.moco.report.EvaluationReport.Named;
import org.jmoco.nn.train.RunException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationReportTest {
    private static final Provenance MADE_FROM = new Provenance(
            "jmoco",
            Map.of("temperature", 0.07),
            7,
            List.of(new Provenance.Input("checkpoint", "weights <a>.pth", "ab".repeat(32))));

    @TempDir
    private Path folder;

    private static Metric over(String name, double mean, double std) {
        return Metric.of(name, mean, "%").withSpread(new Summary(mean, mean - std, mean + std, std));
    }

    private static EvaluationResult svm(double map) {
        ResultTable classes = ResultTable.of("Classes", "class", "AP %", "cost")
                .plus("aeroplane", 91.5, 0.1)
                .plus("cat & dog", 12.25, 1.0);
        List<Metric> metrics = List.of(new Metric(
                "mAP",
                map,
                "%",
                Optional.of(new Metric.Interval(map - 1, map + 1.5, 0.95)),
                Optional.empty(),
                Optional.empty()));
        return new EvaluationResult(
                "voc07-svm",
                metrics,
                List.of(classes),
                List.of(new Published("voc07-svm", "zoo", "MoCo v2, 200 epochs", "feat5", "mAP", 84.04)),
                MADE_FROM);
    }

    private static EvaluationResult suite(double shift) {
        List<Metric> metrics = new ArrayList<>();
        for (int k : List.of(1, 2, 16)) {
            metrics.add(over("low-shot mAP k=" + k, shift + 30 + k, 2));
            metrics.add(over("low-shot mAP k=" + k + ", untrained", 20 + k, 1));
        }
        for (String stage : List.of("feature1", "feature5", "avgpool")) {
            metrics.add(over("linear top-1 " + stage, shift + 50, 0.5));
            metrics.add(over("linear top-1 " + stage + ", untrained", 40, 0.5));
        }
        Optional<Confusion> confusion = Confusion.of(
                "linear top-1 avgpool", List.of("cat", "dog"), 2, new int[] {0, 0, 0, 1, 1}, new int[] {0, 0, 1, 1, 0});
        return new EvaluationResult("suite/cifar10", metrics, List.of(), List.of(), confusion, MADE_FROM);
    }

    private static int count(String html, String part) {
        return html.split(Pattern.quote(part), -1).length - 1;
    }

    @Test
    void precisionOfEveryClassPublishedNumbersAndSourcesAreShown() throws IOException {
        Path page = EvaluationReport.write(folder, svm(80));
        assertEquals(folder.resolve("report.html"), page);
        String html = Files.readString(page);
        for (String part : List.of(
                "<h1>voc07-svm</h1>",
                "80.00 %",
                "79.00 to 81.50",
                "84.04 %",
                "MoCo v2, 200 epochs (zoo)",
                "this one",
                "aeroplane: 91.50",
                "cat &amp; dog: 12.25",
                "ab".repeat(32),
                "weights &lt;a&gt;.pth",
                "temperature")) {
            assertTrue(html.contains(part), part);
        }
        assertEquals(0, PageCheck.requireWhole(html), "bars are no drawings");
        assertArrayEquals(
                Files.readAllBytes(page),
                Files.readAllBytes(EvaluationReport.write(folder)),
                "the page of a result is that of the file it was written to");
        EvaluationReport.write(folder.resolve("again"), svm(80));
        assertArrayEquals(
                Files.readAllBytes(folder.resolve("result.json")),
                Files.readAllBytes(folder.resolve("again/result.json")),
                "equal results are equal bytes, wherever and whenever they were made");
    }

    @Test
    void thePageTellsWhenWhereAndFromWhichSourceItWasMade() throws IOException {
        String html = Files.readString(EvaluationReport.write(folder, svm(80)));
        MadeOn made = MadeOn.of(folder).orElseThrow();
        assertTrue(html.contains(Svg.escape(made.line())), made.line());
        assertTrue(
                made.line().contains("revision ")
                        && made.line().contains("Java ")
                        && made.device().startsWith("jvm"),
                made.line());
        Files.writeString(folder.resolve("made.json"), "{\"time\":\"yesterday\"}");
        assertTrue(assertThrows(RunException.class, () -> EvaluationReport.write(folder))
                .getMessage()
                .contains("made.json is damaged"));
        Files.delete(folder.resolve("made.json"));
        assertFalse(Files.readString(EvaluationReport.write(folder)).contains("revision "));
    }

    @Test
    void theGainOverUntrainedEncodersComesFirst() throws IOException {
        String html = Files.readString(EvaluationReport.write(folder, suite(5)));
        assertTrue(
                html.contains("The trained encoder is ahead of untrained ones in 6 of 6 benchmarks.")
                        && html.contains("The gain is largest in low-shot mAP k=1, +15.00 points"),
                html);
        assertTrue(html.indexOf("What was found") < html.indexOf("What lies behind it"));
        String low = Files.readString(EvaluationReport.write(folder.resolve("low"), suite(-100)));
        assertTrue(low.contains("in 0 of 6 benchmarks") && low.contains("−"), low);
    }

    @Test
    void curvesOverShotsAndDepthHaveBandsAndTheUntrainedBeside() throws IOException {
        List<MetricCurves> shots = MetricCurves.overShots(List.of(new Named("", suite(0))));
        assertEquals(1, shots.size());
        assertEquals(List.of("1", "2", "16"), shots.getFirst().places());
        assertEquals(
                List.of("trained", "untrained"),
                shots.getFirst().curves().stream().map(BandChart.Curve::name).toList());
        assertEquals(
                new BandChart.Point(32, 30, 34),
                shots.getFirst().curves().getFirst().points().get(1));
        List<MetricCurves> depth = MetricCurves.overDepth(List.of(new Named("", suite(0))));
        assertEquals(
                List.of("feature1", "feature5", "avgpool"), depth.getFirst().places());
        String html = Files.readString(EvaluationReport.write(folder, suite(0)));
        assertEquals(2, PageCheck.requireWhole(html));
        assertEquals(2 * 2 * 3, count(html, "fill-opacity:.18"), "a band a curve, in three widths");
        assertTrue(
                html.contains("cat taken for dog: 1")
                        && html.contains("cat taken for cat: 2")
                        && html.contains("dog taken for cat: 1"),
                html);
    }

    @Test
    void evaluationsInTheFolderOfARunArePartOfItsReport() throws IOException {
        Path run = run("run");
        EvaluationReport.write(run.resolve("evaluations/svm"), svm(80));
        EvaluationReport.write(run.resolve("evaluations/suite"), suite(0));
        String html = Files.readString(RunReport.write(run));
        assertTrue(
                html.indexOf("evaluations/suite: suite/cifar10") > 0
                        && html.contains("evaluations/svm: voc07-svm")
                        && html.contains("kNN top-1, %"),
                html);
        assertEquals(1 + 2, PageCheck.requireWhole(html));
        assertEquals(
                run.resolve("evaluations/svm/report.html"),
                RunReport.write(run.resolve("evaluations/svm")),
                "a folder with an evaluation alone has a page of its own");
    }

    @Test
    void encodersAreComparedByProtocol() throws IOException {
        Path run = run("run");
        EvaluationReport.write(run.resolve("svm"), svm(80));
        EvaluationReport.write(folder.resolve("other"), svm(70));
        EvaluationReport.write(folder.resolve("one"), suite(0));
        EvaluationReport.write(folder.resolve("two"), suite(5));
        Path page = folder.resolve("comparison.html");
        RunReport.compare(List.of(run, folder.resolve("other"), folder.resolve("one"), folder.resolve("two")), page);
        String html = Files.readString(page);
        assertTrue(
                html.contains("<tr><th>metric</th><th class=\"n\">run/svm</th><th "
                        + "class=\"n\">other</th></tr><tr><td>mAP</td><td class=\"n\">80.00 % "
                        + "(79.00 to 81.50)</td><td class=\"n\">70.00 % (69.00 to 71.50)</td>"),
                html);
        assertTrue(html.contains("50.00 % ± 0.50") && html.contains("two, untrained"), html);
        PageCheck.requireWhole(html);
    }

    /// Both are right on 50 images, the second one on 10 more.
    @Test
    void twoEncodersAreToldApartOnTheSameImages() throws IOException {
        for (int right : List.of(50, 60)) {
            boolean[] correct = new boolean[100];
            Arrays.fill(correct, 0, right, true);
            Metric top1 = Metric.percent("top-1", new Items.Correct(correct, new int[100]), 1);
            EvaluationReport.write(
                    folder.resolve("right" + right),
                    new EvaluationResult("knn", List.of(top1), List.of(), List.of(), MADE_FROM));
        }
        Path page = folder.resolve("comparison.html");
        RunReport.compare(List.of(folder.resolve("right50"), folder.resolve("right60")), page);
        String html = Files.readString(page);
        assertTrue(html.contains("top-1: right60 is 10.00 points above right50 (95 % interval +"), html);
    }

    private Path run(String name) throws IOException {
        Path run = Files.createDirectories(folder.resolve(name));
        Files.writeString(run.resolve("metrics.jsonl"), "{\"step\":1,\"knn\":25.0}\n{\"step\":2,\"knn\":31.25}\n");
        return run;
    }
}
