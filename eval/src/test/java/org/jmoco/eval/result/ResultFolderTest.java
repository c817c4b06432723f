package org.jmoco.eval.result;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jmoco.eval.LabelMatrix;
import org.jmoco.eval.stats.Summary;
import org.jmoco.tensor.io.FormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultFolderTest {
    private static final LabelMatrix LABELS = LabelMatrix.of(new int[][] {{1, 0}, {0, 1}, {-1, 1}, {1, 0}});
    private static final double[][][] SCORES = {{{4, 3, 2, 1}, {1, 2, 3, 0}}};

    @TempDir
    Path temp;

    private EvaluationResult result() throws IOException {
        Path input = Files.writeString(temp.resolve("in.txt"), "abc");
        return new EvaluationResult(
                "test/1",
                List.of(
                        Metric.percent("mAP", new Items.Ranked(SCORES, LABELS), 1)
                                .withSpread(Summary.of(1, 2, 4.5)),
                        Metric.percent(
                                "top-1", new Items.Correct(new boolean[] {true, false, true}, new int[] {2, 0, 1}), 1),
                        Metric.of("loss", 0.25, "nats")),
                List.of(ResultTable.of("classes", "class", "n", "AP %")
                        .plus("cat", 3L, 50.5)
                        .plus("dog", 4L, 1e-4)),
                List.of(new Published("b", "elsewhere", "MoCo", "feat5", "mAP", 84.04)),
                Confusion.of("top-1", List.of("cat", "dog", "owl"), 3, new int[] {2, 0, 1, 0}, new int[] {2, 1, 1, 0}),
                new Provenance(
                        "jmoco",
                        Map.of("costs", List.of(1.0, 10.0)),
                        7,
                        List.of(Provenance.Input.file("features", input))));
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        EvaluationResult wrote = result();
        ResultFolder.write(temp.resolve("out"), wrote);
        EvaluationResult read = ResultFolder.read(temp.resolve("out"));
        assertEquals(read.protocol(), wrote.protocol());
        assertEquals(wrote.tables(), read.tables());
        assertEquals(wrote.published(), read.published());
        assertEquals(wrote.confusion(), read.confusion());
        assertEquals(
                List.of(List.of(1, 1, 0), List.of(0, 1, 0), List.of(0, 0, 1)),
                read.confusion().orElseThrow().counts());
        assertEquals(wrote.provenance(), read.provenance());
        for (Metric m : wrote.metrics()) {
            Metric r = read.metric(m.name());
            assertEquals(
                    List.of(m.value(), m.unit(), m.interval(), m.spread()),
                    List.of(r.value(), r.unit(), r.interval(), r.spread()));
        }
        Items.Ranked ranked = (Items.Ranked) read.metric("mAP").items().orElseThrow();
        assertArrayEquals(SCORES, ranked.scores());
        assertEquals(LABELS, ranked.labels());
        Items.Correct correct = (Items.Correct) read.metric("top-1").items().orElseThrow();
        assertArrayEquals(new boolean[] {true, false, true}, correct.correct());
        assertArrayEquals(new int[] {2, 0, 1}, correct.labels());
        assertEquals(Optional.empty(), read.metric("loss").items());
        assertThrows(IllegalArgumentException.class, () -> read.metric("top-5"));
    }

    @Test
    void aFileIsNamedByItsSha256() throws IOException {
        // printf abc | sha256sum
        assertEquals(
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                result().provenance().inputs().getFirst().sha256());
    }

    @Test
    void equalResultsAreEqualBytes() throws IOException {
        ResultFolder.write(temp.resolve("a"), result());
        ResultFolder.write(temp.resolve("b"), result());
        for (String file : List.of(ResultFolder.RESULT, ResultFolder.ITEMS)) {
            assertEquals(
                    -1,
                    Files.mismatch(
                            temp.resolve("a").resolve(file), temp.resolve("b").resolve(file)),
                    file);
        }
    }

    @Test
    void theScoreOfItemsIsInPercentWithItsInterval() {
        Metric top1 =
                Metric.percent("top-1", new Items.Correct(new boolean[] {true, false, true, true}, new int[4]), 1);
        assertEquals(75, top1.value());
        assertEquals(30.06, top1.interval().orElseThrow().low(), 0.005, "Wilson's, by hand");
        assertEquals(95.44, top1.interval().orElseThrow().high(), 0.005);
        // class 0 by falling score: 1 0 1 (one ignored), area (1 + 2/3)/2; class 1: 1 1 0 0, area 1
        assertEquals(
                100 * (5.0 / 6 + 1) / 2,
                Metric.percent("mAP", new Items.Ranked(SCORES, LABELS), 1).value(),
                1e-12);
    }

    @Test
    void thePublishedNumberStandsBesideOurs() throws IOException {
        String text = ResultText.of(result());
        assertTrue(
                text.lines().anyMatch(l -> l.matches("elsewhere +MoCo +feat5 +84.04"))
                        && text.lines().anyMatch(l -> l.matches("this result +91.67")),
                text);
        assertTrue(text.lines().anyMatch(l -> l.startsWith("dog") && l.endsWith("  0.000100")), text);
        assertEquals(84.04, Published.of("voc07-svm").getFirst().value());
        assertEquals(80, Published.of("voc07-lowshot").size());
    }

    @Test
    void damagedResultsAreOneLine() throws IOException {
        assertThrows(UncheckedIOException.class, () -> ResultFolder.read(temp.resolve("none")));
        assertTrue(refused("").contains("ends too early"));
        assertTrue(refused("{\"protocol\": 3}").contains("'provenance' is missing in the document"));
        assertTrue(refused("[1").contains("no valid JSON, line 1"));
    }

    private String refused(String content) throws IOException {
        Path file = Files.writeString(temp.resolve("result.json"), content);
        String message = assertThrows(FormatException.class, () -> ResultFolder.read(file))
                .getMessage();
        assertTrue(message.startsWith(file.toString()) && message.lines().count() == 1, message);
        return message;
    }
}
