package org.jmoco.eval.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Detections that were matched with the objects of their images, at several thresholds of overlap: class by
/// class, by falling score. Whom a detection is matched with depends on its own image alone, so the average
/// precision of a resample of images needs no new matching.
public final class MatchedDetections {
    /// Bits of an int.
    static final int MOST_THRESHOLDS = 31;

    private final int images;
    private final int thresholds;
    private final List<OfClass> classes;
    private final int[] once;

    /// The detections of a class, by falling score, and its objects.
    ///
    /// @param image        `[n]`, where the detection is   @param truePositive `[n]`, bit t: found an object at
    ///     threshold t   @param ignored `[n]`, bit t: counts for nothing   @param objectImage `[m]`, where the
    ///     objects are that count, rising
    @SuppressWarnings("ArrayRecordComponent") // a carrier of arrays, never compared
    public record OfClass(int[] image, int[] truePositive, int[] ignored, int[] objectImage) {
        /// @throws IllegalArgumentException if the lengths differ
        public OfClass {
            if (truePositive.length != image.length || ignored.length != image.length) {
                throw new IllegalArgumentException("matched detections: " + image.length + " detections, "
                        + truePositive.length + " and " + ignored.length + " outcomes");
            }
        }
    }

    /// @param images number of images   @param thresholds number of thresholds, 1 to 31
    /// @throws IllegalArgumentException if there is no image, or a number of thresholds or of an image is out
    ///     of range
    public MatchedDetections(int images, int thresholds, List<OfClass> classes) {
        this.images = images;
        this.thresholds = thresholds;
        this.classes = List.copyOf(classes);
        if (images < 1 || thresholds < 1 || thresholds > MOST_THRESHOLDS) {
            throw new IllegalArgumentException(
                    "matched detections: of " + images + " images at " + thresholds + " thresholds");
        }
        for (OfClass c : classes) {
            if (IntStream.concat(Arrays.stream(c.image), Arrays.stream(c.objectImage))
                    .anyMatch(i -> i < 0 || i >= images)) {
                throw new IllegalArgumentException("matched detections: an image beyond the " + images);
            }
            for (int t = 0; t < thresholds; t++) {
                if (found(c, t) > c.objectImage.length) {
                    throw new IllegalArgumentException("matched detections: " + found(c, t) + " of "
                            + c.objectImage.length + " objects are found");
                }
            }
        }
        once = new int[images];
        Arrays.fill(once, 1);
    }

    public int images() {
        return images;
    }

    public int thresholds() {
        return thresholds;
    }

    public List<OfClass> classes() {
        return classes;
    }

    /// The same detections at one threshold only.
    public MatchedDetections at(int threshold) {
        return new MatchedDetections(
                images,
                1,
                classes.stream()
                        .map(c -> new OfClass(
                                c.image, bit(c.truePositive, threshold), bit(c.ignored, threshold), c.objectImage))
                        .toList());
    }

    private static int[] bit(int[] bits, int threshold) {
        return Arrays.stream(bits).map(b -> b >> threshold & 1).toArray();
    }

    /// The average precision of a class at one threshold, in `[0, 1]`; NaN if it has no object.
    public double averagePrecision(int c, int threshold, Interpolation how) {
        return averagePrecision(c, threshold, how, once);
    }

    /// The same of a resample in which image i occurs `times[i]` times.
    public double averagePrecision(int c, int threshold, Interpolation how, int[] times) {
        double objects = objects(c, times);
        return objects == 0 ? Double.NaN : how.average(curve(c, threshold, how, times, objects));
    }

    /// The precision of a class at the recalls 0, 0.01, …, 1; nothing if it has no object.
    public double[] precisionAtHundredths(int c, int threshold) {
        double objects = objects(c, once);
        return objects == 0
                ? new double[0]
                : Interpolation.atHundredths(curve(c, threshold, Interpolation.POINTS_101, once, objects));
    }

    /// The share of the objects of a class that are found at one threshold; NaN if it has none.
    public double recall(int c, int threshold) {
        OfClass of = classes.get(c);
        return of.objectImage.length == 0 ? Double.NaN : (double) found(of, threshold) / of.objectImage.length;
    }

    private static int found(OfClass of, int threshold) {
        int found = 0;
        for (int bits : of.truePositive) {
            found += bits >> threshold & 1;
        }
        return found;
    }

    /// The mean over classes with objects, and over all thresholds, of a resample; NaN if no class has one.
    ///
    /// @param times `[images]`, how often an image is in the resample
    public double meanAveragePrecision(Interpolation how, int[] times) {
        double sum = 0;
        int count = 0;
        for (int c = 0; c < classes.size(); c++) {
            double objects = objects(c, times);
            if (objects == 0) {
                continue;
            }
            Sample sample = Sample.of(classes.get(c), times);
            for (int t = 0; t < thresholds; t++) {
                sum += how.average(sample.curve(t, how, objects));
                count++;
            }
        }
        return count == 0 ? Double.NaN : sum / count;
    }

    /// The same of the images as they are.
    public double meanAveragePrecision(Interpolation how) {
        return meanAveragePrecision(how, once);
    }

    private double objects(int c, int[] times) {
        long objects = 0;
        for (int image : classes.get(c).objectImage) {
            objects += times[image];
        }
        return objects;
    }

    private Interpolation.Curve curve(int c, int threshold, Interpolation how, int[] times, double objects) {
        return Sample.of(classes.get(c), times).curve(threshold, how, objects);
    }

    /// The detections of a class in a resample. Half of the images are drawn at random, so a branch on whether one is
    /// there would be guessed wrong half of the time: nothing branches here, which takes a fifth of the time.
    @SuppressWarnings("ArrayRecordComponent") // a carrier of arrays, never compared
    private record Sample(int[] truePositive, int[] ignored, int[] weight, int size, int most) {
        static Sample of(OfClass of, int[] times) {
            int n = of.image.length;
            int[] truePositive = new int[n];
            int[] ignored = new int[n];
            int[] weight = new int[n];
            int size = 0;
            for (int d = 0; d < n; d++) {
                int w = times[of.image[d]];
                truePositive[size] = of.truePositive[d];
                ignored[size] = of.ignored[d];
                weight[size] = w;
                size += w != 0 ? 1 : 0;
            }
            return new Sample(truePositive, ignored, weight, size, Math.min(n, of.objectImage.length));
        }

        Interpolation.Curve curve(int threshold, Interpolation how, double objects) {
            double[] hits = new double[most + 1]; // one more, for what comes behind the last
            double[] precision = new double[most + 1];
            int at = 0;
            long found = 0;
            long all = 0;
            for (int d = 0; d < size; d++) {
                int hit = truePositive[d] >> threshold & 1;
                found += (long) weight[d] * hit;
                all += (long) weight[d] * (~(ignored[d] >> threshold) & 1);
                hits[at] = found;
                precision[at] = all;
                at += hit;
            }
            for (int k = 0; k < at; k++) {
                precision[k] = how.precision(hits[k], precision[k]);
            }
            return new Interpolation.Curve(hits, precision, at, objects);
        }
    }
}
