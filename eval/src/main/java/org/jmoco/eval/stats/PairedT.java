package org.jmoco.eval.stats;

import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.TDistribution;

/// Student's paired t-test ("The probable error of a mean", 1908): is the mean of the differences of pairs 0?
///
/// Pairs are seeds here: in both runs of a pair everything is drawn alike except what is compared. Of three pairs
/// only a difference much larger than its spread is found.
///
/// @param difference mean of `first − second`, in their unit
/// @param t          the mean over its standard error; infinite if all differences are equal
/// @param pValue     two-sided; 1 if all differences are 0
public record PairedT(double difference, double t, double pValue) {

    /// The test on pairs.
    ///
    /// @param first `[n]`   @param second `[n]`, n at least 2
    /// @throws IllegalArgumentException if the lengths differ or there are fewer than two pairs
    public static PairedT of(double[] first, double[] second) {
        int n = first.length;
        if (n != second.length || n < 2) {
            throw new IllegalArgumentException(
                    "paired t-test: needs two pairs or more, got " + n + " and " + second.length + " values");
        }
        double[] d =
                IntStream.range(0, n).mapToDouble(i -> first[i] - second[i]).toArray();
        double mean = IntStream.range(0, n).mapToDouble(i -> d[i]).sum() / n;
        double squares = IntStream.range(0, n)
                .mapToDouble(i -> (d[i] - mean) * (d[i] - mean))
                .sum();
        if (squares == 0) {
            return mean == 0 ? new PairedT(0, 0, 1) : new PairedT(mean, Math.signum(mean) / 0.0, 0);
        }
        double t = mean / Math.sqrt(squares / (n - 1) / n);
        return new PairedT(mean, t, 2 * new TDistribution(null, n - 1).cumulativeProbability(-Math.abs(t)));
    }
}
