package org.jmoco.eval.lowshot;

import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ejml.data.DMatrixRMaj;
import org.jmoco.eval.Features;
import org.jmoco.eval.LabelMatrix;
import org.jmoco.eval.metrics.AveragePrecision;
import org.jmoco.eval.metrics.Ranking;
import org.jmoco.eval.svm.BinaryProblem;
import org.jmoco.eval.svm.CostList;
import org.jmoco.eval.svm.Gram;
import org.jmoco.eval.svm.Inputs;
import org.jmoco.eval.svm.LinearModels;
import org.jmoco.eval.svm.SquaredHingeSolver;
import org.jmoco.eval.svm.SvmSolution;

/// The low-shot SVM benchmark on VOC07 (Goyal et al., "Scaling and benchmarking self-supervised visual
/// representation learning", 2019).
///
/// For every draw, class and cost one squared-hinge SVM as in [org.jmoco.eval.svm.SvmProtocol], on the drawn items
/// alone (here ignored items really are left out), tested on the whole test set. There is no validation: **for
/// each `k` the cost with the highest mean test precision over the draws is reported, one cost for all classes**,
/// as in all the published code.
///
/// @param costs tried for every draw @param tolerance of [SquaredHingeSolver]
public record LowShotProtocol(CostList costs, double tolerance) {

    /// The published numbers of images a class.
    public static final List<Integer> SHOTS = List.of(1, 2, 4, 8, 16, 32, 64, 96);

    /// The published number of draws.
    public static final int SAMPLES = 5;

    /// The solver's usual tolerance.
    public static LowShotProtocol of(CostList costs) {
        return new LowShotProtocol(costs, SquaredHingeSolver.TOLERANCE);
    }

    /// What a result says of where its numbers come from.
    public String name() {
        return "voc07-lowshot/" + costs.name();
    }

    /// Trains and tests every draw.
    ///
    /// @param train `[n, d]` features as the encoder gave them @param test `[m, d]` @param testLabels of the `m`
    /// items @param draws of the `n` items, of the classes of the test set; results are by ascending `k`
    /// @throws org.jmoco.nn.data.DataException if sizes do not fit, a feature is not finite, or a class has no
    ///     positive test item
    public LowShotResult evaluate(DMatrixRMaj train, List<Draw> draws, DMatrixRMaj test, LabelMatrix testLabels) {
        return evaluate(train, draws, test, testLabels, line -> {});
    }

    /// The same, telling how far it is.
    ///
    /// @param progress told a line at a time; from several threads, one at a time
    public LowShotResult evaluate(
            DMatrixRMaj train, List<Draw> draws, DMatrixRMaj test, LabelMatrix testLabels, Consumer<String> progress) {
        draws.forEach(draw -> Inputs.requireFit(train, draw.targets(), test, testLabels));
        Inputs.requireFinite(train, test);
        DMatrixRMaj x = Features.vocNormalised(train);
        DMatrixRMaj xTest = Features.vocNormalised(test);
        Gram gram = Gram.of(x);
        Told told = new Told(progress, draws.size() * testLabels.classes());
        List<LowShotResult.Shots> shots = draws.stream()
                .map(Draw::k)
                .distinct()
                .sorted()
                .map(k -> shots(
                        k,
                        draws.stream()
                                .filter(d -> d.k() == k)
                                .sorted(Comparator.comparingInt(Draw::sample))
                                .toList(),
                        x,
                        gram,
                        xTest,
                        testLabels,
                        told))
                .toList();
        return new LowShotResult(name(), costs, shots);
    }

    private LowShotResult.Shots shots(
            int k, List<Draw> draws, DMatrixRMaj x, Gram gram, DMatrixRMaj xTest, LabelMatrix testLabels, Told told) {
        int classes = testLabels.classes();
        double[][][][] scores = new double[draws.size()][classes][][];
        double[] gaps = IntStream.range(0, draws.size() * classes)
                .parallel()
                .mapToDouble(p -> {
                    Trained trained = train(draws.get(p / classes), p % classes, x, gram);
                    scores[p / classes][p % classes] = LinearModels.decisions(trained.weights, xTest);
                    told.one(k);
                    return trained.gap;
                })
                .toArray();
        double[][] precision = new double[costs.costs().size()][draws.size()];
        IntStream.range(0, precision.length * draws.size()).parallel().forEach(p -> {
            int cost = p / draws.size();
            int draw = p % draws.size();
            precision[cost][draw] = IntStream.range(0, classes)
                    .mapToDouble(c -> AveragePrecision.area(Ranking.of(scores[draw][c][cost], testLabels.column(c))))
                    .average()
                    .orElseThrow();
        });
        int chosen = LowShotResult.bestMean(precision);
        double[][][] chosenScores = Stream.of(scores)
                .map(draw -> Stream.of(draw).map(c -> c[chosen]).toArray(double[][]::new))
                .toArray(double[][][]::new);
        return new LowShotResult.Shots(
                k,
                precision,
                chosen,
                chosenScores,
                IntStream.range(0, gaps.length).mapToDouble(i -> gaps[i]).max().orElse(0));
    }

    /// How many classes of how many draws are trained.
    private static final class Told {
        private final Consumer<String> progress;
        private final int all;
        private int done;

        Told(Consumer<String> progress, int all) {
            this.progress = progress;
            this.all = all;
        }

        synchronized void one(int k) {
            progress.accept("low-shot k=" + k + ": trained " + ++done + " of " + all + " classes of draws");
        }
    }

    private record Trained(DMatrixRMaj weights, double gap) {}

    /// One class of one draw at every cost, `[costs, d + 1]`.
    private Trained train(Draw draw, int column, DMatrixRMaj x, Gram gram) {
        int[] rows = draw.rows(column);
        DMatrixRMaj drawn = new DMatrixRMaj(rows.length, x.numCols);
        boolean[] positive = new boolean[rows.length];
        boolean[] training = new boolean[rows.length];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(x.data, rows[i] * x.numCols, drawn.data, i * x.numCols, x.numCols);
            positive[i] = draw.targets().at(rows[i], column) == 1;
            training[i] = true;
        }
        Gram part = gram instanceof Gram.Held held ? held.part(rows) : Gram.of(drawn);
        SvmSolution[][] path = new SquaredHingeSolver(part, tolerance)
                .path(new BinaryProblem[] {BinaryProblem.of(positive, training)}, costs.toArray());
        SvmSolution[] solutions = Stream.of(path).map(s -> s[0]).toArray(SvmSolution[]::new);
        return new Trained(
                LinearModels.weights(solutions, drawn),
                Stream.of(solutions)
                        .mapToDouble(s -> s.gap() / s.objective())
                        .max()
                        .orElseThrow());
    }
}
