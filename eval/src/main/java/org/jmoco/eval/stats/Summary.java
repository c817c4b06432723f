package org.jmoco.eval.stats;

import org.apache.commons.math3.stat.StatUtils;

/// Mean, extremes and spread of a few repeated measurements, in their own unit.
///
/// @param std population standard deviation (divided by the number of values, not one less), as the low-shot
///     benchmark reports it
public record Summary(double mean, double min, double max, double std) {

    /// The summary of values.
    ///
    /// @throws IllegalArgumentException if there are no values
    public static Summary of(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("summary: there are no values");
        }
        double mean = StatUtils.mean(values);
        return new Summary(
                mean,
                StatUtils.min(values),
                StatUtils.max(values),
                Math.sqrt(StatUtils.populationVariance(values, mean)));
    }
}
