package org.jmoco.moco.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jmoco.eval.extract.FeatureTable;
import org.jmoco.eval.extract.Tap;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.Items;
import org.jmoco.eval.result.Metric;
import org.jmoco.eval.result.Provenance;
import org.jmoco.eval.result.ResultFolder;
import org.jmoco.nn.data.source.BundledSample;
import org.jmoco.nn.train.RunException;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.random.Philox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunReportTest {
    @TempDir
    private Path folder;

    private Path run(String name, double lastLoss, String yaml) throws IOException {
        Path run = Files.createDirectories(folder.resolve(name));
        Files.writeString(
                run.resolve("metrics.jsonl"),
                "{\"step\":1,\"epoch\":1,\"loss\":7.5,\"accuracy\":0.1,\"imagesPerSecond\":100}\n"
                        + "{\"step\":2,\"epoch\":1,\"loss\":" + lastLoss
                        + ",\"accuracy\":0.25,\"imagesPerSecond\":120}\n"
                        + "{\"step\":2,\"epoch\":1,\"knn\":31.25,\"spread\":0.9}\n{\"step\":3,\"lo");
        Files.writeString(run.resolve("config.yaml"), yaml);
        return run;
    }

    private static FeatureTable features(int n, long seed, int[] labels) {
        float[] values = new float[n * 8];
        Philox draws = new Philox(seed, 0, 0, 0);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) draws.nextNormal();
        }
        return new FeatureTable(
                Tap.AVGPOOL,
                ArrayData.ofFloats(values, n, 8),
                labels,
                IntStream.range(0, n).toArray());
    }

    @Test
    void thePageHoldsCurvesNumbersPicturesAndConfiguration() throws IOException {
        Path run = run("a run", 6.25, "batch: 64\ncontrast: {temperature: 0.1}\n");
        var train = BundledSample.train();
        var test = BundledSample.test();
        int[] trainLabels = IntStream.range(0, 50).map(train::label).toArray();
        int[] testLabels = IntStream.range(0, 40).map(test::label).toArray();
        RunPictures.write(run, features(50, 1, trainLabels), train, features(40, 2, testLabels), test, 0);
        Path page = RunReport.write(run);
        String html = Files.readString(page);
        for (String part : List.of(
                "<h1>a run</h1>",
                "6.250",
                "25.00 %",
                "31.25 %",
                "kNN top-1, %",
                "spread of the features",
                "temperature: 0.1",
                "data:image/png;base64,",
                "t-SNE")) {
            assertTrue(html.contains(part), part);
        }
        assertEquals(40, html.split("\"map\"", 2)[1].split("</svg>", 2)[0].split("<path", -1).length - 1);
        assertTrue(PageCheck.requireWhole(html) >= 6, "curves, the grid of pictures and the map");
    }

    @Test
    void whatWasFoundComesFirstAgainstTheEncoderBeforeTraining() throws IOException {
        Path run = run("found", 6, "batch: 64\n");
        Path metrics = run.resolve("metrics.jsonl");
        Files.writeString(metrics, "{\"step\":0,\"knn\":25.0}\n" + Files.readString(metrics));
        String html = Files.readString(RunReport.write(run));
        assertTrue(
                html.contains("After 2 steps without labels, nearest neighbours name the class of 31.25 %")
                        && html.contains("6.25 points above the encoder before training"),
                html);
        assertTrue(html.indexOf("31.25 %") < html.indexOf("loss, nats"), "findings, then curves");
        Files.writeString(metrics, "{\"step\":7,\"loss\":6.5,\"accuracy\":0.25}\n");
        String without = Files.readString(RunReport.write(run));
        assertTrue(without.contains("25.0 % of the queries") && without.contains("No labelled images"), without);
    }

    @Test
    void gainsOverBaselinesArePairedOverTheTestImages() throws IOException {
        Path run = run("paired", 6, "batch: 64\n");
        boolean[] all = new boolean[100];
        boolean[] half = new boolean[100];
        Arrays.fill(all, 0, 60, true);
        Arrays.fill(half, 0, 50, true);
        ResultFolder.write(run.resolve(RunReport.KNN), correct("top-1", all));
        ResultFolder.write(run.resolve(RunReport.BASELINES), correct("raw pixels", half));
        String html = Files.readString(RunReport.write(run));
        assertTrue(html.contains("10.00 points above the raw pixels (+"), html);
        assertTrue(html.contains("60.00 % of 100 test images"), html);
        assertEquals(
                3,
                html.split(">raw pixels<", -1).length - 1,
                "a row of the chart, one of the table, a line to hold the curve against");
    }

    private static EvaluationResult correct(String name, boolean... answers) {
        return new EvaluationResult(
                "knn",
                List.of(Metric.percent(name, new Items.Correct(answers, new int[answers.length]), 1)),
                List.of(),
                List.of(),
                new Provenance("jmoco", Map.of(), 0, List.of()));
    }

    @Test
    void theSameFolderGivesTheSamePage() throws IOException {
        Path run = run("b", 6, "batch: 64\n");
        assertEquals(Files.readString(RunReport.write(run)), Files.readString(RunReport.write(run)));
    }

    @Test
    void runsAreComparedWithWhatDiffersInTheirConfigurations() throws IOException {
        Path page = folder.resolve("comparison.html");
        RunReport.compare(List.of(run("one", 6, "batch: 64\nseed: 0\n"), run("two", 5, "batch: 64\nseed: 1\n")), page);
        String html = Files.readString(page);
        assertTrue(html.contains("<td>seed</td><td>0</td><td>1</td>"), html);
        assertFalse(html.contains("<td>batch</td>"));
    }

    @Test
    void aFolderWithoutARunIsNamed() {
        assertTrue(assertThrows(RunException.class, () -> RunReport.write(folder))
                .getMessage()
                .contains("holds no run"));
    }

    @Test
    void aFileIsNoFolder() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "text");
        assertEquals(
                file + " is a file: name the folder of a run or of an evaluation",
                assertThrows(RunException.class, () -> RunReport.write(file)).getMessage());
    }
}
