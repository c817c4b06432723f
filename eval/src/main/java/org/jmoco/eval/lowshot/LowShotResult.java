package org.jmoco.eval.lowshot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jmoco.eval.LabelMatrix;
import org.jmoco.eval.metrics.Ties;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.Items;
import org.jmoco.eval.result.Metric;
import org.jmoco.eval.result.Provenance;
import org.jmoco.eval.result.Published;
import org.jmoco.eval.result.ResultTable;
import org.jmoco.eval.stats.Summary;
import org.jmoco.eval.svm.CostList;

/// Result of a [LowShotProtocol].
///
/// @param protocol its name @param costs that were tried @param shots by ascending `k`
public record LowShotResult(String protocol, CostList costs, List<Shots> shots) {

    /// What `k` images a class give.
    ///
    /// @param precision `[costs][draws]`, mean average precision (area) over the classes on the test set, in `[0,
    /// 1]` @param chosen the cost that is reported, as its place in the list @param scores `[draws][classes][m]`,
    ///     decision values on the test set at that cost
    /// @param gap largest relative duality gap of all problems that were solved
    @SuppressWarnings("ArrayRecordComponent") // a carrier of arrays, never compared
    public record Shots(int k, double[][] precision, int chosen, double[][][] scores, double gap) {

        /// How much of the first draw's number is decided by equal scores.
        public Ties ties(LabelMatrix testLabels) {
            return Ties.of(scores[0], testLabels.columns());
        }

        /// Over the draws at the reported cost, in `[0, 1]`.
        public Summary summary() {
            return Summary.of(precision[chosen]);
        }
    }

    /// The first of the costs with the highest mean over the draws.
    static int bestMean(double[][] precision) {
        int best = 0;
        for (int c = 1; c < precision.length; c++) {
            best = Summary.of(precision[c]).mean() > Summary.of(precision[best]).mean() ? c : best;
        }
        return best;
    }

    /// The result in the form in which it is kept and shown: for each `k` the mean over the draws with its spread
    /// and its interval over the test images.
    public EvaluationResult report(LabelMatrix testLabels, List<Published> published, Provenance provenance) {
        List<Metric> metrics = new ArrayList<>();
        ResultTable chosen = ResultTable.of("Shots", "k", "draws", "cost");
        List<String> head = new ArrayList<>(List.of("cost"));
        for (Shots s : shots) {
            Summary percent = Summary.of(
                    Arrays.stream(s.precision[s.chosen]).map(v -> 100 * v).toArray());
            metrics.add(Metric.percent("mAP k=" + s.k, new Items.Ranked(s.scores, testLabels), provenance.seed())
                    .withSpread(percent));
            chosen = chosen.plus(s.k, s.scores.length, costs.costs().get(s.chosen));
            head.add("k=" + s.k);
        }
        ResultTable byCost = ResultTable.of("Mean mAP % by cost", head.toArray(String[]::new));
        for (int c = 0; c < costs.costs().size(); c++) {
            List<Object> row = new ArrayList<>(List.of(costs.costs().get(c)));
            for (Shots s : shots) {
                row.add(100 * Summary.of(s.precision[c]).mean());
            }
            byCost = byCost.plus(row.toArray());
        }
        metrics.add(Metric.of(
                "relative duality gap",
                shots.stream().mapToDouble(Shots::gap).max().orElseThrow(),
                ""));
        return new EvaluationResult(protocol, metrics, List.of(chosen, byCost), published, provenance);
    }
}
