package org.jmoco.eval.result;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jmoco.eval.LabelMatrix;
import org.jmoco.eval.metrics.AveragePrecision;
import org.jmoco.eval.metrics.Interpolation;
import org.jmoco.eval.metrics.MatchedDetections;
import org.jmoco.eval.metrics.MeanIou;
import org.jmoco.eval.metrics.Ranking;

/// What every test item contributed to a score, so that the score can be taken on resamples and two encoders
/// compared item by item.
public sealed interface Items {

    /// The number of test items.
    int size();

    /// The score of a resample, in `[0, 1]`; called from several threads.
    ///
    /// @param counts `[size]`, how often an item is in the resample @return NaN if the score is not defined on it
    double score(int[] counts);

    /// Items that were classified: the score is the accuracy.
    ///
    /// @param correct `[n]`, whether the item was classified rightly @param labels `[n]`, its class, by which two
    ///     results tell that they are about the same items
    @SuppressWarnings("ArrayRecordComponent") // a carrier of arrays, never compared
    record Correct(boolean[] correct, int[] labels) implements Items {

        /// @throws IllegalArgumentException if the lengths differ
        public Correct {
            if (correct.length != labels.length) {
                throw new IllegalArgumentException(
                        "classified items: " + correct.length + " answers for " + labels.length + " labels");
            }
        }

        @Override
        public int size() {
            return correct.length;
        }

        /// How many items were classified rightly.
        public int right() {
            int right = 0;
            for (boolean one : correct) {
                right += one ? 1 : 0;
            }
            return right;
        }

        @Override
        public double score(int[] counts) {
            long right = 0;
            long all = 0;
            for (int i = 0; i < correct.length; i++) {
                all += counts[i];
                right += correct[i] ? counts[i] : 0;
            }
            return all == 0 ? Double.NaN : (double) right / all;
        }
    }

    /// Items that were ranked class by class: the score is the mean average precision (area), over draws too if
    /// there are several.
    final class Ranked implements Items {
        private final double[][][] scores;
        private final LabelMatrix labels;
        private final Ranking[] rankings;

        /// @param scores `[draws][classes][n]`, decision values; higher means more likely in the class @param
        ///     labels of the `n` items
        /// @throws IllegalArgumentException if sizes do not fit or a class has no positive item
        public Ranked(double[][][] scores, LabelMatrix labels) {
            this.scores = scores;
            this.labels = labels;
            if (scores.length == 0 || Stream.of(scores).anyMatch(draw -> draw.length != labels.classes())) {
                throw new IllegalArgumentException(
                        "ranked items: scores of " + labels.classes() + " classes were expected in every draw");
            }
            rankings = IntStream.range(0, scores.length * labels.classes())
                    .parallel()
                    .mapToObj(p -> Ranking.of(
                            scores[p / labels.classes()][p % labels.classes()], labels.column(p % labels.classes())))
                    .toArray(Ranking[]::new);
        }

        public double[][][] scores() {
            return scores;
        }

        public LabelMatrix labels() {
            return labels;
        }

        @Override
        public int size() {
            return labels.items();
        }

        /// Classes without a positive item in the resample are left out of the mean.
        @Override
        public double score(int[] counts) {
            return Arrays.stream(rankings)
                    .mapToDouble(r -> AveragePrecision.area(r, counts))
                    .filter(v -> !Double.isNaN(v))
                    .average()
                    .orElse(Double.NaN);
        }
    }

    /// Images whose pixels were classified: the score is the mean intersection over union of the classes, pixels
    /// counted over all images of a resample.
    ///
    /// @param images counts of every image; those of labelled pixels are what two results tell by that they are
    ///     about the same images
    record Segmented(List<MeanIou.Counts> images) implements Items {

        /// @throws IllegalArgumentException if there is no image, or the classes differ
        public Segmented {
            images = List.copyOf(images);
            if (images.stream().map(MeanIou.Counts::classes).distinct().count() != 1) {
                throw new IllegalArgumentException("segmented items: images of the same classes were expected");
            }
        }

        @Override
        public int size() {
            return images.size();
        }

        @Override
        public double score(int[] counts) {
            return MeanIou.of(images, counts).mean();
        }

        /// Whether other items are of the same images.
        boolean sameLabels(Segmented other) {
            return images.size() == other.images.size()
                    && IntStream.range(0, images.size())
                            .allMatch(i -> Arrays.equals(
                                    images.get(i).labelled(),
                                    other.images.get(i).labelled()));
        }
    }

    /// Images in which objects were detected: the score is the mean average precision over classes and
    /// thresholds of overlap.
    ///
    /// @param matched detections and objects, whose images and classes are what two results tell by that they
    ///     are about the same images
    record Detected(MatchedDetections matched, Interpolation interpolation) implements Items {
        @Override
        public int size() {
            return matched.images();
        }

        @Override
        public double score(int[] counts) {
            return matched.meanAveragePrecision(interpolation, counts);
        }

        /// Whether other items are of the same objects and thresholds.
        boolean sameLabels(Detected other) {
            List<MatchedDetections.OfClass> mine = matched.classes();
            List<MatchedDetections.OfClass> theirs = other.matched.classes();
            return interpolation == other.interpolation
                    && matched.thresholds() == other.matched.thresholds()
                    && matched.images() == other.matched.images()
                    && mine.size() == theirs.size()
                    && IntStream.range(0, mine.size())
                            .allMatch(c -> Arrays.equals(
                                    mine.get(c).objectImage(), theirs.get(c).objectImage()));
        }
    }
}
