package org.jmoco.eval.detections;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jmoco.eval.boxes.Boxes;
import org.jmoco.eval.masks.Rle;

/// What a detector found in an image, in any order; of equal scores the one that stands first counts as surer.
public record Detections(List<Detection> found) {
    /// Nothing was found.
    public static final Detections NONE = new Detections(List.of());

    public Detections {
        found = List.copyOf(found);
    }

    /// Detections from boxes.
    ///
    /// @param boxes  in pixels of the image as it lies in its file   @param scores one for each
    /// @param labels class numbers, from 0
    /// @throws IllegalArgumentException if the numbers of boxes, scores and labels differ, or one is not finite
    public static Detections of(Boxes boxes, float[] scores, int[] labels) {
        if (boxes.size() != scores.length || boxes.size() != labels.length) {
            throw new IllegalArgumentException("detections: " + boxes.size() + " boxes, " + scores.length
                    + " scores and " + labels.length + " labels");
        }
        // In double: a width of two floats is exact.
        return new Detections(IntStream.range(0, scores.length)
                .mapToObj(i -> new Detection(
                        labels[i],
                        scores[i],
                        boxes.x0(i),
                        boxes.y0(i),
                        (double) boxes.x1(i) - boxes.x0(i),
                        (double) boxes.y1(i) - boxes.y0(i),
                        Optional.empty()))
                .toList());
    }

    /// The same detections with their pixels.
    ///
    /// @param masks one for each
    /// @throws IllegalArgumentException if there are more or fewer
    public Detections withMasks(List<Rle> masks) {
        if (masks.size() != found.size()) {
            throw new IllegalArgumentException(
                    "detections: " + masks.size() + " masks for " + found.size() + " detections");
        }
        return new Detections(IntStream.range(0, masks.size())
                .mapToObj(i -> found.get(i).withMask(masks.get(i)))
                .toList());
    }

    public int size() {
        return found.size();
    }
}
