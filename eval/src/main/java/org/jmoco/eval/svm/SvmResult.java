package org.jmoco.eval.svm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.jmoco.eval.LabelMatrix;
import org.jmoco.eval.metrics.Ties;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.Items;
import org.jmoco.eval.result.Metric;
import org.jmoco.eval.result.Provenance;
import org.jmoco.eval.result.Published;
import org.jmoco.eval.result.ResultTable;

/// Result of an [SvmProtocol].
///
/// @param protocol its name @param costs that were tried @param validation `[classes][costs]`, mean step-wise
///     average precision over the folds
/// @param models `[classes]`, trained on all training items at the chosen cost @param weights `[classes, d + 1]`,
///     bias last
/// @param testScores `[classes][m]`, decision values on the test set @param averagePrecision `[classes]`, area, on
///     the test set, in `[0, 1]`
/// @param gap largest relative duality gap of all problems that were solved
@SuppressWarnings("ArrayRecordComponent") // a carrier of arrays, never compared
public record SvmResult(
        String protocol,
        CostList costs,
        double[][] validation,
        SvmSolution[] models,
        DMatrixRMaj weights,
        double[][] testScores,
        double[] averagePrecision,
        double gap) {

    /// Mean average precision over the classes, in `[0, 1]`.
    public double meanAveragePrecision() {
        return Arrays.stream(averagePrecision).average().orElseThrow();
    }

    /// How much of that is decided by equal scores.
    public Ties ties(LabelMatrix testLabels) {
        return Ties.of(testScores, testLabels.columns());
    }

    /// Cost of a class.
    public double chosenCost(int column) {
        return models[column].cost();
    }

    /// The result in the form in which it is kept and shown: `mAP` with its interval over the test images, then
    /// class by class.
    ///
    /// @param trainLabels those of the evaluation @param testLabels those of the evaluation
    public EvaluationResult report(
            LabelMatrix trainLabels, LabelMatrix testLabels, List<Published> published, Provenance provenance) {
        Metric map =
                Metric.percent("mAP", new Items.Ranked(new double[][][] {testScores}, testLabels), provenance.seed());
        ResultTable classes = ResultTable.of(
                "Classes", "class", "AP %", "cost", "validation AP %", "train positives", "test positives");
        List<String> head = new ArrayList<>(List.of("cost"));
        for (int c = 0; c < averagePrecision.length; c++) {
            double best = Arrays.stream(validation[c]).max().orElseThrow();
            classes = classes.plus(
                    testLabels.name(c),
                    100 * averagePrecision[c],
                    chosenCost(c),
                    100 * best,
                    trainLabels.count(c, 1),
                    testLabels.count(c, 1));
            head.add(testLabels.name(c));
        }
        ResultTable folds = ResultTable.of("Validation AP %", head.toArray(String[]::new));
        for (int s = 0; s < costs.costs().size(); s++) {
            List<Object> row = new ArrayList<>(List.of(costs.costs().get(s)));
            for (double[] scores : validation) {
                row.add(100 * scores[s]);
            }
            folds = folds.plus(row.toArray());
        }
        return new EvaluationResult(
                protocol,
                List.of(map, Metric.of("relative duality gap", gap, "")),
                List.of(classes, folds),
                published,
                provenance);
    }
}
