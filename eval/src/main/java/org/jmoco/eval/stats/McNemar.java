package org.jmoco.eval.stats;

import org.apache.commons.math3.distribution.BinomialDistribution;

/// McNemar's exact test: do two classifiers of the same items differ in accuracy?
///
/// Only items that exactly one of them gets right tell them apart; if the two are equally good, each such item is
/// a fair coin (McNemar 1947; the exact binomial form).
///
/// @param onlyFirst items that only the first gets right @param onlySecond items that only the second gets right
/// @param pValue two-sided
public record McNemar(int onlyFirst, int onlySecond, double pValue) {

    /// The test on what two classifiers made of the same items.
    ///
    /// @param first `[n]`, whether the first classifier is right @param second `[n]`, whether the second is
    /// @throws IllegalArgumentException if the lengths differ
    public static McNemar of(boolean[] first, boolean[] second) {
        if (first.length != second.length) {
            throw new IllegalArgumentException(
                    "McNemar: the first has " + first.length + " items, the second " + second.length);
        }
        int b = 0;
        int c = 0;
        for (int i = 0; i < first.length; i++) {
            b += first[i] && !second[i] ? 1 : 0;
            c += second[i] && !first[i] ? 1 : 0;
        }
        double p = b + c == 0
                ? 1
                : Math.min(1, 2 * new BinomialDistribution(null, b + c, 0.5).cumulativeProbability(Math.min(b, c)));
        return new McNemar(b, c, p);
    }
}
