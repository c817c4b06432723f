package org.jmoco.eval.svm;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.jmoco.eval.Features;
import org.jmoco.eval.LabelMatrix;
import org.jmoco.eval.metrics.AveragePrecision;
import org.jmoco.eval.metrics.Ranking;
import org.jmoco.nn.data.DataException;

/// The VOC07 linear SVM benchmark (Goyal et al., "Scaling and benchmarking self-supervised visual representation
/// learning", 2019).
///
/// One squared-hinge SVM a class, positives weighted twice, on rows scaled by `x / (‖x‖₂ + 1e-5)`. The cost of a
/// class is the one with the best mean step-wise average precision over stratified, unshuffled folds of the
/// training set, the first of equals. The score is the area average precision on the test set. **As in all the
/// published code, items that the training labels ignore ("difficult") are trained on as negatives**; on the test
/// set they are left out.
///
/// @param costs tried for every class @param folds of the cross-validation, 3 in the published protocols @param
///     tolerance of [SquaredHingeSolver]
public record SvmProtocol(CostList costs, int folds, double tolerance) {

    /// Three folds, the solver's usual tolerance.
    public static SvmProtocol of(CostList costs) {
        return new SvmProtocol(costs, 3, SquaredHingeSolver.TOLERANCE);
    }

    /// What a result says of where its number comes from.
    public String name() {
        return "voc07-svm/" + costs.name() + "/" + folds + "-fold";
    }

    /// Trains, chooses costs, tests.
    ///
    /// @param train `[n, d]` features as the encoder gave them @param trainLabels of the `n` items
    /// @param test `[m, d]` @param testLabels of the `m` items, of the same classes
    /// @throws DataException if sizes do not fit, a feature is not finite, a class has fewer positive or negative
    ///     training items than folds, or no positive test item; the message is one line that names the class
    public SvmResult evaluate(DMatrixRMaj train, LabelMatrix trainLabels, DMatrixRMaj test, LabelMatrix testLabels) {
        Inputs.requireFit(train, trainLabels, test, testLabels);
        Inputs.requireFinite(train, test);
        int classes = trainLabels.classes();
        int[][] fold = new int[classes][];
        for (int c = 0; c < classes; c++) {
            try {
                fold[c] = StratifiedFolds.of(Inputs.positive(trainLabels, c), folds);
            } catch (DataException e) {
                throw new DataException("SVM: " + trainLabels.name(c) + ": " + e.getMessage(), e);
            }
        }
        DMatrixRMaj x = Features.vocNormalised(train);
        SvmSolution[][] solutions =
                new SquaredHingeSolver(Gram.of(x), tolerance).path(problems(trainLabels, fold), costs.toArray());
        double[][] validation = validation(solutions, trainLabels, fold);
        int[] chosen =
                Arrays.stream(validation).mapToInt(SvmProtocol::firstMaximum).toArray();
        SvmSolution[] models = IntStream.range(0, classes)
                .mapToObj(c -> solutions[chosen[c]][c * (folds + 1) + folds])
                .toArray(SvmSolution[]::new);
        DMatrixRMaj weights = LinearModels.weights(models, x);
        double[][] scores = LinearModels.decisions(weights, Features.vocNormalised(test));
        double[] precision = IntStream.range(0, classes)
                .parallel()
                .mapToDouble(c -> AveragePrecision.area(Ranking.of(scores[c], testLabels.column(c))))
                .toArray();
        double gap = Arrays.stream(solutions)
                .flatMap(Arrays::stream)
                .mapToDouble(s -> s.gap() / s.objective())
                .max()
                .orElseThrow();
        return new SvmResult(name(), costs, validation, models, weights, scores, precision, gap);
    }

    /// For every class one problem a fold, then the one on all training items.
    private BinaryProblem[] problems(LabelMatrix labels, int[][] fold) {
        BinaryProblem[] problems = new BinaryProblem[fold.length * (folds + 1)];
        for (int c = 0; c < fold.length; c++) {
            boolean[] positive = Inputs.positive(labels, c);
            // No item is tested in fold number `folds`: that problem trains on all.
            for (int k = 0; k <= folds; k++) {
                problems[c * (folds + 1) + k] = BinaryProblem.of(positive, StratifiedFolds.training(fold[c], k));
            }
        }
        return problems;
    }

    /// Mean step-wise average precision over the folds, `[classes][costs]`; here too an ignored item is a negative one.
    private double[][] validation(SvmSolution[][] solutions, LabelMatrix labels, int[][] fold) {
        double[][] scores = new double[fold.length][solutions.length];
        IntStream.range(0, fold.length).parallel().forEach(c -> {
            boolean[] positive = Inputs.positive(labels, c);
            for (int s = 0; s < solutions.length; s++) {
                double sum = 0;
                for (int k = 0; k < folds; k++) {
                    sum += AveragePrecision.stepwise(
                            Ranking.of(solutions[s][c * (folds + 1) + k].decision(), tested(positive, fold[c], k)));
                }
                scores[c][s] = sum / folds;
            }
        });
        return scores;
    }

    private static int[] tested(boolean[] positive, int[] fold, int k) {
        return IntStream.range(0, fold.length)
                .map(i -> fold[i] != k ? Ranking.IGNORED : positive[i] ? Ranking.POSITIVE : Ranking.NEGATIVE)
                .toArray();
    }

    private static int firstMaximum(double[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[best]) {
                best = i;
            }
        }
        return best;
    }
}
