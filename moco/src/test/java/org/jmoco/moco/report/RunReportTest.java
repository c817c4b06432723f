package org.jmoco.moco.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jmoco.eval.extract.FeatureTable;
import org.jmoco.eval.extract.Tap;
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
    void thePageHoldsCurvesNumbersPicturesAndConfiguration() throws IOException, InterruptedException {
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
                "25.0 %",
                "31.25 %",
                "kNN top-1, %",
                "spread of the features",
                "temperature: 0.1",
                "data:image/png;base64,",
                "t-SNE")) {
            assertTrue(html.contains(part), part);
        }
        assertEquals(40, html.split("fill-opacity:.75", -1).length - 1);
        assertTrue(PageCheck.requireWhole(html) >= 6, "curves, the grid of pictures and the map");
        Optional<String> browser = PageCheck.chromium();
        if (browser.isPresent()) {
            PageCheck.requireQuiet(browser.get(), page, folder);
        }
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
}
