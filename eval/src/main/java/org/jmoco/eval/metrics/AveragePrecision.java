package org.jmoco.eval.metrics;

import java.util.Arrays;

/// Average precision of a [Ranking], in `[0, 1]`, by the three definitions in use.
///
/// With precision `P_r` and recall `R_r` of the first `r` items:
/// - [#area]: `Σ_r (R_r − R_{r−1})·max_{s ≥ r} P_s`, the area under the interpolated curve (Pascal VOC from
///   2010 on; the VOC07 SVM benchmark);
/// - [#stepwise]: `Σ_t (R_t − R_{t−1})·P_t` over the distinct scores `t`, not interpolated (scikit-learn's
///   `average_precision_score`; the choice of cost);
/// - [#elevenPoint]: the mean of `max_{R_s ≥ t} P_s` over `t = 0, 0.1, …, 1` (Pascal VOC 2007 detection).
///
/// All throw [IllegalArgumentException] for a ranking without positive items, whose recall is not defined.
public final class AveragePrecision {

    private AveragePrecision() {}

    /// Area under the interpolated precision-recall curve.
    public static double area(Ranking ranking) {
        requirePositives(ranking);
        int[] once = new int[ranking.items()];
        Arrays.fill(once, 1);
        return area(ranking, once);
    }

    /// The same for a resample in which item `i` occurs `counts[i]` times.
    ///
    /// Precision is highest at positive items, among the copies of one at the last.
    ///
    /// @param counts one for every item that was ranked or ignored, at least 0
    /// @return NaN if the resample holds no positive item
    public static double area(Ranking ranking, int[] counts) {
        double[] precision = new double[ranking.positives()];
        int[] copies = new int[ranking.positives()];
        int seen = 0;
        int hits = 0;
        int p = 0;
        for (int r = 0; r < ranking.size(); r++) {
            int count = counts[ranking.item(r)];
            seen += count;
            if (ranking.positive(r)) {
                hits += count;
                copies[p] = count;
                precision[p++] = count == 0 ? 0 : (double) hits / seen;
            }
        }
        double best = 0;
        double sum = 0;
        while (p-- > 0) {
            best = Math.max(best, precision[p]);
            sum += copies[p] * best;
        }
        return hits == 0 ? Double.NaN : sum / hits;
    }

    /// Area under the interpolated curve where items of equal score are taken in together: no order of theirs counts.
    public static double areaTogether(Ranking ranking) {
        int positives = requirePositives(ranking);
        double best = 0;
        double sum = 0;
        int hits = positives;
        int from = ranking.size();
        for (int r = ranking.size() - 1; r >= 0; r--) {
            int end = from;
            if (r == 0 || ranking.score(r - 1) != ranking.score(r)) {
                int gained = 0;
                for (int i = r; i < end; i++) {
                    gained += ranking.positive(i) ? 1 : 0;
                }
                best = Math.max(best, (double) hits / end);
                sum += gained * best;
                hits -= gained;
                from = r;
            }
        }
        return sum / positives;
    }

    /// Step-wise average precision; items of equal score are taken in together.
    public static double stepwise(Ranking ranking) {
        int positives = requirePositives(ranking);
        int hits = 0;
        int before = 0;
        double sum = 0;
        for (int r = 0; r < ranking.size(); r++) {
            hits += ranking.positive(r) ? 1 : 0;
            boolean last = r + 1 == ranking.size() || ranking.score(r + 1) != ranking.score(r);
            if (last) {
                sum += (double) (hits - before) * hits / (r + 1);
                before = hits;
            }
        }
        return sum / positives;
    }

    /// Mean of the interpolated precision at eleven recalls.
    public static double elevenPoint(Ranking ranking) {
        int positives = requirePositives(ranking);
        double[] best = new double[11];
        int hits = 0;
        for (int r = 0; r < ranking.size(); r++) {
            hits += ranking.positive(r) ? 1 : 0;
            // Recall hits/positives reaches t/10 exactly when 10·hits ≥ t·positives: no rounding decides.
            int reached = (int) (10L * hits / positives);
            best[reached] = Math.max(best[reached], (double) hits / (r + 1));
        }
        double sum = 0;
        double precision = 0;
        for (int t = 10; t >= 0; t--) {
            precision = Math.max(precision, best[t]);
            sum += precision;
        }
        return sum / 11;
    }

    private static int requirePositives(Ranking ranking) {
        if (ranking.positives() == 0) {
            throw new IllegalArgumentException(
                    "average precision: none of the " + ranking.size() + " ranked items is in the class");
        }
        return ranking.positives();
    }
}
