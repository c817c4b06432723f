package org.jmoco.eval.metrics;

import it.unimi.dsi.fastutil.doubles.DoubleArrays;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.jmoco.eval.detections.Detection;
import org.jmoco.eval.detections.Detections;

/// What became of the detections of one class in one image.
///
/// @param scores       `[n]`, falling   @param truePositive `[n]`, a bit for every threshold
/// @param ignored      `[n]`, likewise   @param objects how many objects count
@SuppressWarnings("ArrayRecordComponent") // a carrier of arrays, never compared
record ImageOutcome(int image, double[] scores, int[] truePositive, int[] ignored, int objects) {
    /// Items class by class, in their order.
    ///
    /// @throws IllegalArgumentException if one has a class beyond the number of classes
    static <T> List<List<T>> byClass(List<T> items, ToIntFunction<T> label, int classes) {
        List<List<T>> groups = new ArrayList<>(Collections.nCopies(classes, List.of()));
        for (T item : items) {
            int c = label.applyAsInt(item);
            if (c >= classes) {
                throw new IllegalArgumentException("average precision: class " + c + " of " + classes);
            }
            if (groups.get(c).isEmpty()) {
                groups.set(c, new ArrayList<>());
            }
            groups.get(c).add(item);
        }
        return groups;
    }

    /// Detections by falling score, of equal scores in their order.
    static List<Detection> sorted(Detections found) {
        List<Detection> sorted = new ArrayList<>(found.found());
        sorted.sort((a, b) -> Double.compare(b.score() + 0.0, a.score() + 0.0)); // stable, and −0 ties with 0
        return sorted;
    }

    /// The detections of all images by falling score, of equal scores those of the earlier image first.
    ///
    /// @param images of one class, in order
    static MatchedDetections.OfClass merged(List<ImageOutcome> images) {
        int size = images.stream().mapToInt(o -> o.scores.length).sum();
        double[] keys = new double[size];
        int[] image = new int[size];
        int[] truePositive = new int[size];
        int[] ignored = new int[size];
        IntArrayList objects = new IntArrayList();
        int at = 0;
        for (ImageOutcome o : images) {
            for (int d = 0; d < o.scores.length; d++, at++) {
                keys[at] = 0.0 - o.scores[d];
                image[at] = o.image;
                truePositive[at] = o.truePositive[d];
                ignored[at] = o.ignored[d];
            }
            for (int g = 0; g < o.objects; g++) {
                objects.add(o.image);
            }
        }
        int[] order = IntStream.range(0, size).toArray();
        DoubleArrays.radixSortIndirect(order, keys, true);
        return new MatchedDetections.OfClass(
                chosen(image, order), chosen(truePositive, order), chosen(ignored, order), objects.toIntArray());
    }

    private static int[] chosen(int[] values, int[] order) {
        int[] chosen = new int[order.length];
        for (int k = 0; k < order.length; k++) {
            chosen[k] = values[order[k]];
        }
        return chosen;
    }
}
