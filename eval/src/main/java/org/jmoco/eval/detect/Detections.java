package org.jmoco.eval.detect;

import it.unimi.dsi.fastutil.floats.FloatArrayList;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jmoco.eval.boxes.BoxCoder;
import org.jmoco.eval.boxes.Boxes;
import org.jmoco.eval.boxes.Nms;

/// What a detector found in an image, by falling score.
///
/// @param boxes   in pixels of the image
/// @param scores  probabilities of their classes
/// @param classes from 0
/// @param masks   of each the probability that a cell of its box belongs to the object, `[2s, 2s]`; empty where
///     masks are not found
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Detections(Boxes boxes, float[] scores, int[] classes, List<float[]> masks) {
    public Detections {
        masks = List.copyOf(masks);
    }

    public int size() {
        return scores.length;
    }

    /// Of the regions of an image those classes that are likely enough, each region moved by its class's deltas
    /// and clipped; those suppressed that overlap a better one of their class; then the best. Where the flavour
    /// has a smallest side, smaller ones are dropped before that.
    ///
    /// @param regions  as they were fed
    /// @param logits   `[regions, classes + 1]`, background last   @param deltas `[regions, 4·classes]`; of more
    ///     rows than regions the rest does not count
    /// @param height,width of the image, in the regions' pixels
    static Detections of(
            Boxes regions,
            float[] logits,
            float[] deltas,
            int classes,
            DetectConfig config,
            float height,
            float width) {
        DetectConfig.Test rules = config.test();
        BoxCoder coder = config.flavour().regionCoder();
        FloatArrayList scores = new FloatArrayList();
        IntArrayList labels = new IntArrayList();
        IntArrayList places = new IntArrayList();
        double[] likely = new double[classes + 1];
        for (int r = 0; r < regions.size(); r++) {
            softmax(logits, r * (classes + 1), likely);
            for (int c = 0; c < classes; c++) {
                if ((float) likely[c] > (float) rules.score()) {
                    scores.add((float) likely[c]);
                    labels.add(c);
                    places.add(r);
                }
            }
        }
        float[] chosen = new float[4 * places.size()];
        for (int i = 0; i < places.size(); i++) {
            System.arraycopy(deltas, 4 * (places.getInt(i) * classes + labels.getInt(i)), chosen, 4 * i, 4);
        }
        Boxes boxes =
                coder.decode(regions.select(places.toIntArray()), chosen, 0, 4).clipped(width, height);
        Detections all = new Detections(boxes, scores.toFloatArray(), labels.toIntArray(), List.of());
        float smallest = config.flavour().smallestDetection();
        Detections large = smallest > 0 ? all.select(boxes.atLeast(smallest)) : all;
        return large.select(Nms.keepByClass(large.boxes, large.scores, large.classes, rules.nms(), rules.most()));
    }

    private static void softmax(float[] logits, int from, double[] out) {
        double most = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < out.length; c++) {
            most = Math.max(most, logits[from + c]);
        }
        double sum = 0;
        for (int c = 0; c < out.length; c++) {
            out[c] = StrictMath.exp(logits[from + c] - most);
            sum += out[c];
        }
        for (int c = 0; c < out.length; c++) {
            out[c] /= sum;
        }
    }

    /// These detections, in this order.
    Detections select(int... which) {
        float[] chosen = new float[which.length];
        for (int i = 0; i < which.length; i++) {
            chosen[i] = scores[which[i]];
        }
        return new Detections(
                boxes.select(which),
                chosen,
                Arrays.stream(which).map(i -> classes[i]).toArray(),
                masks.isEmpty()
                        ? List.of()
                        : Arrays.stream(which).mapToObj(masks::get).toList());
    }

    /// The same under other numbers of classes.
    ///
    /// @param labels by class; those of −1 go
    Detections labelled(int... labels) {
        int[] moved = Arrays.stream(classes).map(c -> labels[c]).toArray();
        int[] kept = IntStream.range(0, moved.length).filter(i -> moved[i] >= 0).toArray();
        return new Detections(boxes, scores, moved, masks).select(kept);
    }

    Detections withMasks(List<float[]> found) {
        return new Detections(boxes, scores, classes, found);
    }

    /// The same in an image of another size; boxes are clipped to it, and empty ones go.
    Detections resized(int height, int width, int toHeight, int toWidth) {
        Boxes moved = boxes.scaled((float) ((double) toWidth / width), (float) ((double) toHeight / height))
                .clipped(toWidth, toHeight);
        return new Detections(moved, scores, classes, masks).select(moved.nonEmpty());
    }
}
