package org.jmoco.eval.svm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.ejml.data.DMatrixRMaj;
import org.jmoco.nn.data.DataException;
import org.jmoco.tensor.random.Philox;
import org.junit.jupiter.api.Test;

class SquaredHingeSolverTest {
    private static final double[] COSTS = {100, 0.01, 1, 10};

    private static DMatrixRMaj features(Philox draws, int n, int d) {
        DMatrixRMaj x = new DMatrixRMaj(n, d);
        for (int i = 0; i < n; i++) {
            double norm = 0;
            for (int j = 0; j < d; j++) {
                x.set(i, j, Math.max(0, draws.nextNormal()));
                norm += x.get(i, j) * x.get(i, j);
            }
            for (int j = 0; j < d; j++) {
                x.set(i, j, x.get(i, j) / (Math.sqrt(norm) + 1e-5));
            }
        }
        return x;
    }

    /// At the minimum the gradient `w − 2·Σ C_i·y_i·h_i·(x_i, 1)` is zero; its squared length bounds how far
    /// the objective lies above the minimum, since the objective is 1-strongly convex: `J − J* ≤ ½‖∇J‖²`.
    @Test
    void everySolutionIsAMinimumOfThePrimalObjective() {
        Philox draws = new Philox(3, 0, 0, 0);
        int n = 160;
        int d = 40;
        DMatrixRMaj x = features(draws, n, d);
        BinaryProblem[] problems = new BinaryProblem[3];
        for (int p = 0; p < problems.length; p++) {
            boolean[] positive = new boolean[n];
            boolean[] training = new boolean[n];
            for (int i = 0; i < n; i++) {
                positive[i] = x.get(i, p) + 0.05 * draws.nextNormal() > 0.2;
                training[i] = i % 5 != p;
            }
            problems[p] = BinaryProblem.of(positive, training);
        }
        SvmSolution[][] solutions = new SquaredHingeSolver(Gram.of(x), 1e-9).path(problems, COSTS);
        for (int c = 0; c < COSTS.length; c++) {
            for (int p = 0; p < problems.length; p++) {
                check(x, problems[p], COSTS[c], solutions[c][p]);
            }
        }
    }

    /// With far more rows than columns most rows stay inside the margin at every cost, and many combinations of
    /// rows are the same weights.
    @Test
    void farMoreRowsThanColumnsAreSolvedToo() {
        Philox draws = new Philox(4, 0, 0, 0);
        int n = 400;
        DMatrixRMaj x = features(draws, n, 5);
        boolean[] positive = new boolean[n];
        for (int i = 0; i < n; i++) {
            positive[i] = x.get(i, 0) + 0.5 * draws.nextNormal() > 0.3;
        }
        BinaryProblem[] problem = {BinaryProblem.of(positive, StratifiedFolds.training(new int[n], 1))};
        for (Gram gram : new Gram[] {new Gram.Factored(x), Gram.Held.of(x)}) {
            SvmSolution[][] solutions = new SquaredHingeSolver(gram, 1e-9).path(problem, COSTS);
            for (int c = 0; c < COSTS.length; c++) {
                check(x, problem[0], COSTS[c], solutions[c][0]);
            }
        }
    }

    private static void check(DMatrixRMaj x, BinaryProblem problem, double cost, SvmSolution solution) {
        int n = x.numRows;
        int d = x.numCols;
        double[] w = new double[d + 1];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < d; j++) {
                w[j] += solution.beta()[i] * x.get(i, j);
            }
            w[d] += solution.beta()[i];
        }
        double objective = 0;
        double[] gradient = w.clone();
        for (double v : w) {
            objective += 0.5 * v * v;
        }
        for (int i = 0; i < n; i++) {
            double f = w[d];
            for (int j = 0; j < d; j++) {
                f += w[j] * x.get(i, j);
            }
            assertEquals(f, solution.decision()[i], 1e-8 * (1 + Math.abs(f)));
            double hinge = Math.max(0, 1 - problem.y()[i] * f);
            double ci = cost * problem.weight()[i];
            objective += ci * hinge * hinge;
            for (int j = 0; j <= d; j++) {
                gradient[j] -= 2 * ci * problem.y()[i] * hinge * (j == d ? 1 : x.get(i, j));
            }
        }
        assertEquals(objective, solution.objective(), 1e-9 * objective);
        double bound = 0;
        for (double g : gradient) {
            bound += 0.5 * g * g;
        }
        assertTrue(
                bound <= 1e-6 * objective,
                "cost " + cost + ": the objective " + objective + " may be " + bound + " above its minimum");
        assertTrue(solution.gap() <= 1e-9 * objective, "gap " + solution.gap());
    }

    @Test
    void foldsAreThoseOfStratifiedKFold() {
        // scikit-learn: for k, (_, test) in enumerate(StratifiedKFold(3).split(x, [1,1,0,0,0,0,1,0,1,0])):
        // fold[test] = k
        boolean[] positive = {true, true, false, false, false, false, true, false, true, false};
        assertArrayEquals(new int[] {0, 0, 0, 0, 1, 1, 1, 2, 2, 2}, StratifiedFolds.of(positive, 3));
        assertThrows(DataException.class, () -> StratifiedFolds.of(new boolean[] {true, false, false}, 2));
    }
}
