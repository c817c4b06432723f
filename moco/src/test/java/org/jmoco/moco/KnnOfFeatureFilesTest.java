package org.jmoco.moco;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.ResultFolder;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.Npy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `knn` on features of any origin, against the nearest of them by cosine, found as plainly as possible.
class KnnOfFeatureFilesTest {
    private static final int DIM = 3;

    @TempDir
    Path temp;

    private final Random random = new Random(5);

    private float[] features(String name, int items) {
        float[] values = new float[items * DIM];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        Npy.write(temp.resolve(name), ArrayData.ofFloats(values, items, DIM));
        return values;
    }

    private int[] labels(String name, int items) {
        int[] labels = new int[items];
        for (int i = 0; i < items; i++) {
            labels[i] = i < 3 ? i : random.nextInt(3);
        }
        Npy.write(temp.resolve(name), ArrayData.ofInts(labels, items));
        return labels;
    }

    private MainTest.Result knn(Object... more) {
        List<Object> all = new ArrayList<>(
                List.of("knn", "--features", temp.resolve("train.npy"), "--test-features", temp.resolve("test.npy")));
        all.addAll(List.of(more));
        return MainTest.run(all.stream().map(Object::toString).toArray(String[]::new));
    }

    private static double cosine(float[] a, int i, float[] b, int j) {
        double dot = 0;
        double lengths = 1;
        for (int d = 0; d < DIM; d++) {
            dot += (double) a[i * DIM + d] * b[j * DIM + d];
        }
        for (float[] one : new float[][] {a, b}) {
            int row = one == a ? i : j;
            double squares = 0;
            for (int d = 0; d < DIM; d++) {
                squares += (double) one[row * DIM + d] * one[row * DIM + d];
            }
            lengths *= Math.sqrt(squares);
        }
        return dot / lengths;
    }

    @Test
    void theNearestTrainingFeatureNamesTheClass() throws IOException {
        float[] train = features("train.npy", 20);
        int[] trainLabels = labels("train.labels.npy", 20);
        float[] test = features("test.npy", 15);
        int[] testLabels = labels("test.labels.npy", 15);
        int right = 0;
        for (int i = 0; i < 15; i++) {
            int best = 0;
            for (int j = 1; j < 20; j++) {
                best = cosine(test, i, train, j) > cosine(test, i, train, best) ? j : best;
            }
            right += trainLabels[best] == testLabels[i] ? 1 : 0;
        }
        Files.writeString(temp.resolve("train.classes.txt"), "a\nb\nc\n");
        // Other numbers, the same names.
        Files.writeString(temp.resolve("test.classes.txt"), "c\na\nb\n");
        int[] renumbered = new int[15];
        for (int i = 0; i < 15; i++) {
            renumbered[i] = (testLabels[i] + 1) % 3;
        }
        Npy.write(temp.resolve("test.labels.npy"), ArrayData.ofInts(renumbered, 15));
        MainTest.Result ran = knn("--k", 1, "--out", temp.resolve("out"));
        assertEquals(0, ran.code(), ran.err());
        EvaluationResult result = ResultFolder.read(temp.resolve("out"));
        assertEquals("knn/files [k=1; temperature=0.07]", result.protocol());
        assertEquals(100.0 * right / 15, result.metrics().getFirst().value(), 1e-9);
        assertTrue(right > 0 && right < 15);
    }

    @Test
    void whatDoesNotFitEndsInOneLine() {
        features("train.npy", 4);
        features("test.npy", 3);
        refused("train.npy: its labels are neither given nor in", true);
        Npy.write(temp.resolve("train.labels.npy"), ArrayData.ofInts(new int[] {0, 1, 0, 1}, 4));
        Npy.write(temp.resolve("test.labels.npy"), ArrayData.ofInts(new int[] {0, 1}, 2));
        refused("has 3 rows", true);
        Npy.write(temp.resolve("test.labels.npy"), ArrayData.ofInts(new int[] {0, 1, 7}, 3));
        refused("item 2 has class 7, which no training item has", true);
        Npy.write(temp.resolve("test.labels.npy"), ArrayData.ofInts(new int[] {0, 1, 1}, 3));
        Npy.write(temp.resolve("test.npy"), ArrayData.ofFloats(new float[6], 3, 2));
        refused("has features of 3 numbers", true);
        features("test.npy", 3);
        refused("--k must lie between 1 and the 4 training images, got 5", false, "--k", 5);
        refused("give either --features and --test-features, or one of", false, "--data", "sample");
        Npy.write(temp.resolve("train.labels.npy"), ArrayData.ofInts(new int[] {1, 1, 0, 1, 0, 0, 1, 0}, 4, 2));
        refused("item 0 has several classes; this needs items of one class each", true);
        MainTest.Result half =
                MainTest.run("knn", "--features", temp.resolve("train.npy").toString());
        assertTrue(half.err().contains("--features needs --test-features"), half.err());
        assertTrue(MainTest.run("knn", "--data", "sample").err().contains("Missing required argument"));
        assertTrue(MainTest.run("knn", "--untrained").err().contains("Missing required option: '--data=DIR'"));
    }

    private void refused(String part, boolean ofData, Object... more) {
        MainTest.Result ran = knn(more);
        assertTrue(ran.code() != 0, part);
        assertTrue(ran.err().contains(part), ran.err());
        assertTrue(!ofData || ran.err().lines().count() <= 2, ran.err());
    }
}
