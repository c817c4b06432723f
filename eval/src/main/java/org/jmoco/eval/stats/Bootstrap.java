package org.jmoco.eval.stats;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.jmoco.tensor.random.Philox;

/// Bootstrap over images (Efron and Tibshirani, "An introduction to the bootstrap", 1993): the images are drawn
/// anew with replacement and the score is taken again, many times.
///
/// Replicate `r` draws from the Philox stream `(seed, r)`, so results depend on the seed alone, not on threads. A
/// paired comparison is the bootstrap of the difference of two encoders' scores on the same images.
///
/// @param items number of images @param replicates resamples, at least 1 @param seed of the draws
public record Bootstrap(int items, int replicates, long seed) {

    private static final int STREAM = 0x626f6f74; // "boot", apart from other uses of the same seed

    /// Resamples that are enough for a 95 % interval.
    public static final int REPLICATES = 2_000;

    /// @throws IllegalArgumentException if there are no items or no replicates
    public Bootstrap {
        if (items < 1 || replicates < 1) {
            throw new IllegalArgumentException(
                    "bootstrap: needs at least one item and one replicate, got " + items + " and " + replicates);
        }
    }

    /// A score with its percentile interval.
    ///
    /// @param value on the images as they are @param level share of the resamples inside the interval, such as 0.95
    public record Interval(double value, double low, double high, double level) {}

    /// The difference of two scores on the same images.
    ///
    /// @param difference first minus second, with its interval
    /// @param pValue two-sided: twice the share of resamples on the far side of 0, itself counted in, at most 1
    public record Paired(Interval difference, double pValue) {}

    /// Percentile interval of a score.
    ///
    /// @param score of a resample, given how often every item is in it; called from several threads @param level
    ///     in `(0, 1)`
    /// @throws IllegalArgumentException if the level is not inside `(0, 1)`, or the score of no resample is a
    /// number
    public Interval interval(ToDoubleFunction<int[]> score, double level) {
        return interval(score, replicates(score), level);
    }

    /// Interval and test of `first − second`.
    ///
    /// @param first score of a resample, given how often every item is in it @param second likewise, of the other
    ///     encoder
    /// @param level in `(0, 1)`
    /// @throws IllegalArgumentException as [#interval]
    public Paired compare(ToDoubleFunction<int[]> first, ToDoubleFunction<int[]> second, double level) {
        ToDoubleFunction<int[]> difference = counts -> first.applyAsDouble(counts) - second.applyAsDouble(counts);
        double[] values = replicates(difference);
        long below = Arrays.stream(values).filter(v -> v <= 0).count();
        long above = Arrays.stream(values).filter(v -> v >= 0).count();
        double p = Math.min(1, 2.0 * (Math.min(below, above) + 1) / (values.length + 1));
        return new Paired(interval(difference, values, level), p);
    }

    private Interval interval(ToDoubleFunction<int[]> score, double[] values, double level) {
        if (!(level > 0 && level < 1)) {
            throw new IllegalArgumentException("bootstrap: the level must lie between 0 and 1, got " + level);
        }
        if (values.length == 0) {
            throw new IllegalArgumentException(
                    "bootstrap: the score is not a number in any of " + replicates + " resamples");
        }
        int[] once = new int[items];
        Arrays.fill(once, 1);
        Percentile percentile = new Percentile().withEstimationType(Percentile.EstimationType.R_7);
        percentile.setData(values);
        double tail = 50 * (1 - level);
        return new Interval(
                score.applyAsDouble(once), percentile.evaluate(tail), percentile.evaluate(100 - tail), level);
    }

    /// Scores of the resamples, without those on which the score is not defined (NaN).
    private double[] replicates(ToDoubleFunction<int[]> score) {
        return IntStream.range(0, replicates)
                .parallel()
                .mapToDouble(r -> {
                    Philox draws = new Philox(seed, r, 0, STREAM);
                    int[] counts = new int[items];
                    for (int i = 0; i < items; i++) {
                        counts[draws.below(items)]++;
                    }
                    return score.applyAsDouble(counts);
                })
                .filter(v -> !Double.isNaN(v))
                .toArray();
    }
}
