package org.jmoco.eval.lowshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jmoco.eval.LabelMatrix;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.Metric;
import org.jmoco.eval.result.Provenance;
import org.jmoco.eval.stats.Summary;
import org.jmoco.eval.svm.CostList;
import org.jmoco.eval.svm.SvmFixture;
import org.jmoco.nn.data.DataException;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.Npy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against scikit-learn's `LinearSVC` on the draws of `make_svm.py`.
class LowShotProtocolTest {
    private static final List<Integer> KS = List.of(1, 2, 4, 8);
    private static final int SAMPLES = 3;
    private static final SvmFixture FIXTURE = SvmFixture.read();

    @TempDir
    Path temp;

    private static List<Draw> draws() {
        return Draw.read(SvmFixture.FOLDER.resolve("draws"), FIXTURE.trainLabels(), KS, SAMPLES);
    }

    private static LowShotResult result(double tolerance) {
        return new LowShotProtocol(CostList.MMSELFSUP, tolerance)
                .evaluate(FIXTURE.train(), draws(), FIXTURE.test(), FIXTURE.testLabels());
    }

    @Test
    void everyDrawAndCostScoresAsInScikitLearn() {
        double[] expected = FIXTURE.expected("lowshot"); // [k][cost][sample]
        LowShotResult result = result(1e-12);
        double[] got = result.shots().stream()
                .flatMap(s -> Arrays.stream(s.precision()))
                .flatMapToDouble(Arrays::stream)
                .toArray();
        assertArrayEquals(expected, got, 1e-9);
    }

    /// For each k of the published benchmark and each cost, at the tolerance that commands have.
    @Test
    void theMeanOverTheDrawsIsScikitLearnsAtEveryK() {
        SvmFixture fixture = SvmFixture.everyK();
        int samples = 2;
        List<Draw> draws = Draw.read(
                SvmFixture.FOLDER.resolve("every-k/draws"), fixture.trainLabels(), LowShotProtocol.SHOTS, samples);
        LowShotResult result = LowShotProtocol.of(CostList.MMSELFSUP)
                .evaluate(fixture.train(), draws, fixture.test(), fixture.testLabels());
        double[] expected = fixture.expected("lowshot"); // [k][cost][sample]
        int at = 0;
        for (LowShotResult.Shots shots : result.shots()) {
            for (double[] precision : shots.precision()) {
                double theirs =
                        Arrays.stream(expected, at, at + samples).average().orElseThrow();
                assertEquals(theirs, Arrays.stream(precision).average().orElseThrow(), 1e-3, "k = " + shots.k());
                at += samples;
            }
        }
        assertEquals(expected.length, at);
        assertEquals(
                List.of(1, 2, 4, 8, 16, 32, 64, 96),
                result.shots().stream().map(LowShotResult.Shots::k).toList());
    }

    /// The reported number: the best mean over the draws, one cost for all classes, population deviation.
    @Test
    void theCostIsChosenOnTheTestSet() {
        double[] expected = FIXTURE.expected("lowshot");
        LowShotResult result = result(1e-9);
        int costs = CostList.MMSELFSUP.costs().size();
        for (int k = 0; k < KS.size(); k++) {
            Summary best = null;
            for (int c = 0; c < costs; c++) {
                int at = (k * costs + c) * SAMPLES;
                Summary s = Summary.of(Arrays.copyOfRange(expected, at, at + SAMPLES));
                best = best == null || s.mean() > best.mean() ? s : best;
            }
            Summary got = result.shots().get(k).summary();
            assertEquals(best.mean(), got.mean(), 1e-6, "k = " + KS.get(k));
            assertEquals(best.std(), got.std(), 1e-6);
            assertEquals(best.min(), got.min(), 1e-6);
            assertEquals(best.max(), got.max(), 1e-6);
        }
    }

    @Test
    void theReportHasAMetricForEachK() {
        LowShotResult result = result(1e-8);
        EvaluationResult report =
                result.report(FIXTURE.testLabels(), List.of(), new Provenance("jmoco", Map.of(), 1, List.of()));
        Metric four = report.metric("mAP k=4");
        assertEquals(100 * result.shots().get(2).summary().mean(), four.value(), 1e-9);
        assertEquals(
                100 * result.shots().get(2).summary().std(),
                four.spread().orElseThrow().std(),
                1e-9);
        assertTrue(four.interval().orElseThrow().low() < four.value()
                && four.value() < four.interval().orElseThrow().high());
        assertEquals("voc07-lowshot/mmselfsup", report.protocol());
    }

    @Test
    void drawsOfOnesOwnHaveTheRightNumbersAndFollowTheSeed() {
        LabelMatrix labels = FIXTURE.trainLabels();
        List<Draw> draws = Draw.random(labels, List.of(2, 5), 3, 9);
        assertEquals(6, draws.size());
        for (Draw draw : draws) {
            for (int c = 0; c < labels.classes(); c++) {
                assertEquals(draw.k(), draw.targets().count(c, 1));
                assertEquals(3 * draw.k(), draw.targets().count(c, 0));
                for (int i : draw.rows(c)) {
                    assertEquals(labels.at(i, c), draw.targets().at(i, c));
                }
            }
        }
        assertEquals(draws, Draw.random(labels, List.of(2, 5), 3, 9));
        assertEquals(
                draws.subList(3, 6), Draw.random(labels, List.of(5), 3, 9), "a draw depends on its k and sample alone");
        assertNotEquals(draws.get(0).targets(), draws.get(1).targets());
        assertNotEquals(draws, Draw.random(labels, List.of(2, 5), 3, 10));
    }

    @Test
    void impossibleDrawsAreRefusedInOneLine() throws IOException {
        LabelMatrix labels = FIXTURE.trainLabels().named(List.of("cat", "dog", "cow", "owl"));
        int cats = labels.count(0, 1);
        String message = refused(() -> Draw.random(labels, List.of(cats + 1), 1, 0));
        assertTrue(
                message.contains("k = " + (cats + 1) + " needs " + (cats + 1) + " items in cat and")
                        && message.contains("there are " + cats + " and"),
                message);
        assertTrue(refused(() -> Draw.random(labels, List.of(0), 1, 0)).contains("k = 0"));
        assertTrue(refused(() -> Draw.read(temp, labels, List.of(2), 5))
                .startsWith(temp.resolve("train_targets_sample1_k2.npy") + ": no such file"));

        Path file = Draw.file(temp, 2, 1);
        Files.copy(Draw.file(SvmFixture.FOLDER.resolve("draws"), 4, 1), file);
        assertTrue(refused(() -> Draw.read(temp, labels, List.of(2), 1))
                .contains("cat has 4 positive and 12 negative items, expected 2 and some"));
        Files.copy(
                Draw.file(SvmFixture.FOLDER.resolve("draws"), 2, 1),
                file,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        int[][] others = new int[labels.items()][4];
        assertTrue(refused(() -> Draw.read(temp, LabelMatrix.of(others), List.of(2), 1))
                .contains("are the items in the same order?"));
        Npy.write(file, ArrayData.ofInts(new int[8], 2, 4));
        assertTrue(refused(() -> Draw.read(temp, labels, List.of(2), 1))
                .contains("is of 2 items and 4 classes, the training set of 140 and 4"));
        Npy.write(file, ArrayData.ofInts(new int[] {2, 0, 0, 0}, 1, 4));
        assertTrue(refused(() -> Draw.read(temp, labels, List.of(2), 1))
                .contains("item 0, class 0 has 2; only 1 (in the class)"));
    }

    private static String refused(Runnable run) {
        String message = assertThrows(DataException.class, run::run).getMessage();
        assertEquals(1, message.lines().count(), message);
        return message;
    }
}
