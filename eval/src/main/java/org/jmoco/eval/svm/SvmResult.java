package org.jmoco.eval.svm;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.jmoco.eval.LabelMatrix;
import org.jmoco.eval.metrics.AveragePrecision;
import org.jmoco.eval.metrics.Ranking;
import org.jmoco.eval.stats.Bootstrap;
import tools.jackson.core.JsonGenerator;

/// Result of an [SvmProtocol].
///
/// @param protocol its name @param costs that were tried @param validation `[classes][costs]`, mean step-wise average precision over the folds
/// @param models `[classes]`, trained on all training items at the chosen cost @param weights `[classes, d + 1]`, bias last
/// @param testScores `[classes][m]`, decision values on the test set @param averagePrecision `[classes]`, area, on the test set, in `[0, 1]`
/// @param gap largest relative duality gap of all problems that were solved
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

    /// Cost of a class.
    public double chosenCost(int column) {
        return models[column].cost();
    }

    /// Interval of the mean average precision by a bootstrap over the test images. Classes without a positive image in a resample are left out of its mean.
    ///
    /// @param testLabels those of the evaluation @param level such as 0.95
    public Bootstrap.Interval interval(LabelMatrix testLabels, Bootstrap bootstrap, double level) {
        Ranking[] rankings = rankings(testLabels);
        return bootstrap.interval(counts -> meanAveragePrecision(rankings, counts), level);
    }

    /// Paired comparison of the mean average precision of two encoders on the same test images.
    public Bootstrap.Paired compare(SvmResult other, LabelMatrix testLabels, Bootstrap bootstrap, double level) {
        Ranking[] mine = rankings(testLabels);
        Ranking[] theirs = other.rankings(testLabels);
        return bootstrap.compare(counts -> meanAveragePrecision(mine, counts), counts -> meanAveragePrecision(theirs, counts), level);
    }

    private Ranking[] rankings(LabelMatrix testLabels) {
        return IntStream.range(0, testScores.length).mapToObj(c -> Ranking.of(testScores[c], testLabels.column(c))).toArray(Ranking[]::new);
    }

    private static double meanAveragePrecision(Ranking[] rankings, int[] counts) {
        return Arrays.stream(rankings).mapToDouble(r -> AveragePrecision.area(r, counts)).filter(v -> !Double.isNaN(v)).average().orElse(Double.NaN);
    }

    /// Writes the result as one object: protocol, mean average precision, then class by class cost, average precision and cross-validation scores.
    public void writeTo(JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty("protocol", protocol);
        json.writeNumberProperty("meanAveragePrecision", meanAveragePrecision());
        json.writeNumberProperty("relativeDualityGap", gap);
        json.writeName("costs");
        json.writeArray(costs.toArray(), 0, costs.costs().size());
        json.writeArrayPropertyStart("classes");
        for (int c = 0; c < averagePrecision.length; c++) {
            json.writeStartObject();
            json.writeNumberProperty("averagePrecision", averagePrecision[c]);
            json.writeNumberProperty("cost", chosenCost(c));
            json.writeName("validation");
            json.writeArray(validation[c], 0, validation[c].length);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
