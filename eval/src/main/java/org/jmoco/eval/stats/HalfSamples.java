package org.jmoco.eval.stats;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.jmoco.tensor.random.Philox;

/// How sure a score is, by half-samples of its items (a balanced form of the delete-d jackknife, Shao and Wu, "A
/// general theory for jackknife variance estimation", 1989): the score is taken again, many times, on half of the
/// items drawn without replacement. Such scores spread as those of whole samples do.
///
/// Not by a bootstrap: it draws items twice, two copies of an image in the class stand at one rank, and average
/// precision comes out higher than on any real sample. At a low precision its percentile interval lies above the
/// value, and above the truth.
///
/// An average precision is too high on few items, as the interpolated curve follows their luck. How much is seen
/// from the half-samples, whose mean lies above the value: the excess falls with about the root of the number of
/// items, so that of the whole sample is about twice the difference. An interval reaches from the score without
/// its excess to the score with it, and 1.96 deviations further on both sides: it holds the score over all images
/// there are, and the mean score of test sets as large as this one.
///
/// Replicate `r` draws from the Philox stream `(seed, r)`, so results depend on the seed alone, not on threads. A
/// paired comparison is about the difference of two encoders' scores on the same halves.
///
/// @param items number of images @param replicates half-samples, at least 1 @param seed of the draws
public record HalfSamples(int items, int replicates, long seed) {

    private static final int STREAM = 0x626f6f74; // apart from other uses of the same seed

    /// Half-samples that are enough for a 95 % interval.
    public static final int REPLICATES = 2_000;

    /// What the excess is of the difference between half-samples and the whole; in simulations 1.8 to 2.4.
    private static final double EXCESS = 2;

    /// @throws IllegalArgumentException if there are no items or no replicates
    public HalfSamples {
        if (items < 1 || replicates < 1) {
            throw new IllegalArgumentException(
                    "half-samples: need at least one item and one replicate, got " + items + " and " + replicates);
        }
    }

    /// A score with its interval.
    ///
    /// @param value on all images @param low,high around it @param level how often such an interval holds what it
    ///     is about, such as 0.95
    public record Interval(double value, double low, double high, double level) {}

    /// The difference of two scores on the same images.
    ///
    /// @param difference first minus second, with its interval
    /// @param pValue two-sided: twice the share of half-samples on the far side of 0, itself counted in, at most 1
    public record Paired(Interval difference, double pValue) {}

    /// Interval of a score in `[0, 1]`.
    ///
    /// Deviations are those of the score's logit, so the interval stays inside `[0, 1]`.
    ///
    /// @param score of a sample, given how often every item is in it; called from several threads @param level
    ///     in `(0, 1)`
    /// @throws IllegalArgumentException if the level is not inside `(0, 1)`, or the score of no half-sample is a
    /// number
    public Interval interval(ToDoubleFunction<int[]> score, double level) {
        double edge = 0.5 / items; // nothing closer to 0 or 1 can be told from it
        DoubleUnaryOperator logit = p -> {
            double inside = Math.clamp(p, edge, 1 - edge);
            return Math.log(inside / (1 - inside));
        };
        double value = score.applyAsDouble(once());
        double[] halves = halves(counts -> logit.applyAsDouble(score.applyAsDouble(counts)));
        if (value == 1 && Arrays.stream(halves).allMatch(h -> h == logit.applyAsDouble(1))) {
            return new Interval(value, value, value, checked(level));
        }
        Interval l = interval(logit.applyAsDouble(value), halves, level);
        return new Interval(
                value,
                Math.min(value, 1 / (1 + Math.exp(-l.low))),
                Math.max(value, 1 / (1 + Math.exp(-l.high))),
                level);
    }

    /// Interval and test of `first − second`.
    ///
    /// @param first score of a sample, given how often every item is in it @param second likewise, of the other
    ///     encoder
    /// @param level in `(0, 1)`
    /// @throws IllegalArgumentException as [#interval]
    public Paired compare(ToDoubleFunction<int[]> first, ToDoubleFunction<int[]> second, double level) {
        ToDoubleFunction<int[]> difference = counts -> first.applyAsDouble(counts) - second.applyAsDouble(counts);
        double[] halves = halves(difference);
        long below = Arrays.stream(halves).filter(v -> v <= 0).count();
        long above = Arrays.stream(halves).filter(v -> v >= 0).count();
        double p = Math.min(1, 2.0 * (Math.min(below, above) + 1) / (halves.length + 1));
        return new Paired(interval(difference.applyAsDouble(once()), halves, level), p);
    }

    private Interval interval(double value, double[] halves, double level) {
        checked(level);
        if (halves.length == 0) {
            throw new IllegalArgumentException(
                    "half-samples: the score is not a number in any of " + replicates + " of them");
        }
        double mean = Arrays.stream(halves).average().orElseThrow();
        double variance = Arrays.stream(halves)
                .map(h -> (h - mean) * (h - mean))
                .average()
                .orElseThrow();
        // Of n items, m without replacement: the variance is (n − m)/m times that of n.
        double deviation = Math.sqrt(variance * half() / Math.max(1, items - half()));
        double away = deviation * new NormalDistribution(null, 0, 1).inverseCumulativeProbability((1 + level) / 2);
        double without = value - EXCESS * (mean - value);
        return new Interval(value, Math.min(value, without) - away, Math.max(value, without) + away, level);
    }

    private static double checked(double level) {
        if (!(level > 0 && level < 1)) {
            throw new IllegalArgumentException("half-samples: the level must lie between 0 and 1, got " + level);
        }
        return level;
    }

    private int half() {
        return Math.max(1, items / 2);
    }

    private int[] once() {
        int[] counts = new int[items];
        Arrays.fill(counts, 1);
        return counts;
    }

    /// Scores of the half-samples, without those on which the score is not defined (NaN).
    private double[] halves(ToDoubleFunction<int[]> score) {
        return IntStream.range(0, replicates)
                .parallel()
                .mapToDouble(r -> {
                    int[] order = new Philox(seed, r, 0, STREAM).permutation(items);
                    int[] counts = new int[items];
                    for (int i = 0; i < half(); i++) {
                        counts[order[i]] = 1;
                    }
                    return score.applyAsDouble(counts);
                })
                .filter(v -> !Double.isNaN(v))
                .toArray();
    }
}
