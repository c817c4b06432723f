package org.jmoco.eval.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jmoco.tensor.random.Philox;
import org.junit.jupiter.api.Test;

class MeanIouTest {
    /// Two images of six pixels, counted by hand. Class 3 is nowhere; class 2 is predicted and never there.
    @Test
    void agreesWithAHandCount() {
        List<MeanIou.Counts> images = List.of(
                MeanIou.Counts.of(bytes(0, 0, 1, 1, 2, 0), bytes(0, 1, 1, 1, 255, 255), 4),
                MeanIou.Counts.of(bytes(1, 1, 0, 2, 0, 3), bytes(1, 0, 0, 0, 0, 255), 4));
        MeanIou scores = MeanIou.of(images);
        // Class 0: I = 1 + 2, P = 2 + 2, L = 1 + 4; class 1: I = 2 + 1, P = 2 + 2, L = 3 + 1; class 2: P = 1.
        assertEquals(3 / 6.0, scores.iou(0));
        assertEquals(3 / 5.0, scores.iou(1));
        assertEquals(0, scores.iou(2));
        assertEquals(Double.NaN, scores.iou(3));
        assertEquals((3 / 6.0 + 3 / 5.0 + 0) / 3, scores.mean());
        assertEquals(3 / 5.0, scores.accuracy(0));
        assertEquals(3 / 4.0, scores.accuracy(1));
        assertEquals(Double.NaN, scores.accuracy(2));
        assertEquals((3 / 5.0 + 3 / 4.0) / 2, scores.meanAccuracy());
        assertEquals(6 / 9.0, scores.pixelAccuracy());
    }

    /// Sets of pixels, as the formulas read.
    @Test
    void agreesWithSetsOfPixels() {
        Philox draws = new Philox(4, 0, 0, 0);
        int classes = 7;
        List<MeanIou.Counts> counts = new ArrayList<>();
        List<Set<Integer>> predicted = sets(classes);
        List<Set<Integer>> labelled = sets(classes);
        int pixel = 0;
        for (int image = 0; image < 9; image++) {
            byte[] guess = new byte[50 + 31 * image];
            byte[] labels = new byte[guess.length];
            for (int i = 0; i < guess.length; i++, pixel++) {
                labels[i] = (byte) (draws.below(6) == 0 ? 255 : draws.below(classes - 1));
                guess[i] = draws.below(2) == 0 && labels[i] >= 0 ? labels[i] : (byte) draws.below(classes);
                if (labels[i] >= 0) {
                    predicted.get(guess[i]).add(pixel);
                    labelled.get(labels[i]).add(pixel);
                }
            }
            counts.add(MeanIou.Counts.of(guess, labels, classes));
        }
        MeanIou scores = MeanIou.of(counts);
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            Set<Integer> both = new HashSet<>(predicted.get(c));
            both.retainAll(labelled.get(c));
            Set<Integer> either = new HashSet<>(predicted.get(c));
            either.addAll(labelled.get(c));
            assertEquals((double) both.size() / either.size(), scores.iou(c));
            sum += (double) both.size() / either.size();
        }
        assertEquals(sum / classes, scores.mean());
    }

    @Test
    void aResampleCountsImagesManyTimes() {
        MeanIou.Counts a = MeanIou.Counts.of(bytes(0, 1, 1), bytes(0, 0, 1), 2);
        MeanIou.Counts b = MeanIou.Counts.of(bytes(1, 1, 0, 0), bytes(0, 1, 0, 1), 2);
        MeanIou expected = MeanIou.of(List.of(b, b, b));
        MeanIou resample = MeanIou.of(List.of(a, b), new int[] {0, 3});
        assertEquals(expected.mean(), resample.mean());
        assertEquals(expected.pixelAccuracy(), resample.pixelAccuracy());
        assertEquals(4 / 7.0, MeanIou.of(List.of(a, b)).pixelAccuracy());
    }

    @Test
    void withoutPixelsThereIsNoScore() {
        MeanIou scores = MeanIou.of(List.of(MeanIou.Counts.of(bytes(1), bytes(255), 2)));
        assertEquals(Double.NaN, scores.mean());
        assertEquals(Double.NaN, scores.meanAccuracy());
        assertEquals(Double.NaN, scores.pixelAccuracy());
    }

    @Test
    void whatIsNoClassIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> MeanIou.Counts.of(bytes(0), bytes(2), 2));
        assertThrows(IllegalArgumentException.class, () -> MeanIou.Counts.of(bytes(2), bytes(0), 2));
        assertThrows(IllegalArgumentException.class, () -> MeanIou.Counts.of(bytes(0, 0), bytes(0), 2));
        assertThrows(IllegalArgumentException.class, () -> MeanIou.of(List.of()));
        assertEquals(0, MeanIou.Counts.of(bytes(9), bytes(255), 2).predicted()[0]);
    }

    private static List<Set<Integer>> sets(int classes) {
        List<Set<Integer>> sets = new ArrayList<>();
        for (int c = 0; c < classes; c++) {
            sets.add(new HashSet<>());
        }
        return sets;
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
