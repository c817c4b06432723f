package org.jmoco.eval.metrics;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/// How much of a mean average precision is decided by the order of items with equal scores: where features are
/// alike, the rule for ties makes a number of its own.
///
/// @param share of ranked items that have the score of an item of the other label, in `[0, 1]`, the mean over classes
/// @param together the mean average precision (area) where equal scores are taken in together, in `[0, 1]`
public record Ties(double share, double together) {
    /// A smaller share is a matter of a few doubled images.
    private static final double WORTH_SAYING = 0.01;

    /// @param scores `[classes][n]`   @param labels `[classes][n]`, each 1, 0 or −1 (ignored)
    public static Ties of(double[][] scores, int[][] labels) {
        Ranking[] rankings = IntStream.range(0, scores.length)
                .parallel()
                .mapToObj(c -> Ranking.of(scores[c], labels[c]))
                .toArray(Ranking[]::new);
        double share = 0;
        double together = 0;
        for (Ranking ranking : rankings) {
            share += (double) ranking.undecided() / ranking.size() / rankings.length;
            together += AveragePrecision.areaTogether(ranking) / rankings.length;
        }
        return new Ties(share, together);
    }

    /// A line for people, where there is something to say.
    ///
    /// @param what the number is called, such as `mAP`
    public Optional<String> warning(String what) {
        return share < WORTH_SAYING
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "warning: %s: %.1f %% of the scores are equal to one of an item of the other side, and ranked "
                                + "by the protocol's rule, the later item first; taken in together they give %.2f %%",
                        what,
                        100 * share,
                        100 * together));
    }
}
