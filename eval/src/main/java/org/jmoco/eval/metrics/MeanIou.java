package org.jmoco.eval.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/// How well predicted label maps agree with true ones, by pixels of all images together, as MMSegmentation counts.
///
/// Over the pixels whose label is a class, with I pixels of class c that are predicted as c, P predicted as c and L
/// labelled c:
/// - [#iou]: `I / (P + L − I)`, intersection over union, and [#mean] its mean over classes;
/// - [#accuracy]: `I / L`, and [#meanAccuracy] its mean over classes;
/// - [#pixelAccuracy]: `Σ I / Σ L`.
///
/// Where the denominator is 0 the score is NaN and left out of the mean. All lie in `[0, 1]`.
public final class MeanIou {
    /// The label of pixels that count for nothing.
    public static final int IGNORED = 255;

    private final Counts all;

    private MeanIou(Counts all) {
        this.all = all;
    }

    /// The pixels of an image, or of several, by class.
    ///
    /// @param hit       `[classes]`, I: predicted as what they are
    /// @param predicted `[classes]`, P: predicted, among pixels with a class   @param labelled `[classes]`, L
    @SuppressWarnings("ArrayRecordComponent") // a carrier of counts, never compared
    public record Counts(long[] hit, long[] predicted, long[] labelled) {
        /// No pixels.
        public static Counts none(int classes) {
            return new Counts(new long[classes], new long[classes], new long[classes]);
        }

        /// Counts an image.
        ///
        /// @param predicted `[h·w]`, a class for every pixel
        /// @param labels    `[h·w]`, unsigned bytes, [#IGNORED] for no class
        /// @throws IllegalArgumentException if the lengths differ, or a label or a prediction is no class
        public static Counts of(byte[] predicted, byte[] labels, int classes) {
            if (predicted.length != labels.length) {
                throw new IllegalArgumentException(
                        "mean IoU: " + predicted.length + " predicted pixels for " + labels.length + " labels");
            }
            Counts counts = none(classes);
            for (int i = 0; i < labels.length; i++) {
                int label = labels[i] & 0xFF;
                if (label != IGNORED) {
                    int guess = predicted[i] & 0xFF;
                    if (label >= classes || guess >= classes) {
                        throw new IllegalArgumentException("mean IoU: pixel " + i + " has the label " + label
                                + " and is predicted as " + guess + ", of " + classes + " classes");
                    }
                    counts.labelled[label]++;
                    counts.predicted[guess]++;
                    counts.hit[label] += guess == label ? 1 : 0;
                }
            }
            return counts;
        }

        public int classes() {
            return hit.length;
        }

        private void add(Counts other, long times) {
            for (int c = 0; c < hit.length; c++) {
                hit[c] += times * other.hit[c];
                predicted[c] += times * other.predicted[c];
                labelled[c] += times * other.labelled[c];
            }
        }
    }

    /// The scores of images, each of which counts once.
    ///
    /// @param images counts an image, all of the same classes
    /// @throws IllegalArgumentException if there is no image
    public static MeanIou of(List<Counts> images) {
        int[] once = new int[images.size()];
        Arrays.fill(once, 1);
        return of(images, once);
    }

    /// The scores of a resample in which image i occurs `times[i]` times.
    ///
    /// @throws IllegalArgumentException if there is no image, or the lengths differ
    public static MeanIou of(List<Counts> images, int[] times) {
        if (images.isEmpty() || images.size() != times.length) {
            throw new IllegalArgumentException("mean IoU: " + images.size() + " images, " + times.length + " weights");
        }
        Counts all = Counts.none(images.getFirst().classes());
        for (int i = 0; i < times.length; i++) {
            all.add(images.get(i), times[i]);
        }
        return new MeanIou(all);
    }

    public int classes() {
        return all.classes();
    }

    /// Intersection over union of a class; NaN if it is neither there nor predicted.
    public double iou(int c) {
        return ratio(all.hit[c], all.predicted[c] + all.labelled[c] - all.hit[c]);
    }

    /// The share of the pixels of a class that are predicted as it; NaN if it is not there.
    public double accuracy(int c) {
        return ratio(all.hit[c], all.labelled[c]);
    }

    /// mIoU: the mean of [#iou] over the classes that have one; NaN if none has.
    public double mean() {
        return mean(this::iou);
    }

    /// mAcc: the mean of [#accuracy] over the classes that are there; NaN if none is.
    public double meanAccuracy() {
        return mean(this::accuracy);
    }

    /// aAcc: the share of pixels that are predicted as what they are; NaN if there are none.
    public double pixelAccuracy() {
        return ratio(Arrays.stream(all.hit).sum(), Arrays.stream(all.labelled).sum());
    }

    private double mean(IntToDoubleFunction score) {
        return IntStream.range(0, classes())
                .mapToDouble(score)
                .filter(s -> !Double.isNaN(s))
                .average()
                .orElse(Double.NaN);
    }

    private static double ratio(long part, long whole) {
        return whole == 0 ? Double.NaN : (double) part / whole;
    }
}
