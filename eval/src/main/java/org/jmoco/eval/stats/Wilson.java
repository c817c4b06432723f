package org.jmoco.eval.stats;

import org.apache.commons.math3.distribution.NormalDistribution;

/// Interval of a share of items, such as an accuracy (Wilson, "Probable inference, the law of succession, and
/// statistical inference", 1927): it holds the share, and has a width where all items are right too.
public final class Wilson {
    private Wilson() {}

    /// @param right items   @param all items, at least 1   @param level in `(0, 1)`, such as 0.95
    public static HalfSamples.Interval interval(int right, int all, double level) {
        double z = new NormalDistribution(null, 0, 1).inverseCumulativeProbability((1 + level) / 2);
        double share = (double) right / all;
        double shrunk = (share + z * z / (2 * all)) / (1 + z * z / all);
        double half = z / (1 + z * z / all) * Math.sqrt(share * (1 - share) / all + z * z / (4.0 * all * all));
        return new HalfSamples.Interval(
                share, Math.clamp(shrunk - half, 0, share), Math.clamp(shrunk + half, share, 1), level);
    }
}
