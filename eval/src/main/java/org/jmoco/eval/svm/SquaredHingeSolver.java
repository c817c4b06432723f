package org.jmoco.eval.svm;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.jmoco.nn.data.DataException;

/// Linear support vector machines with squared hinge loss, many problems on the same rows at once.
///
/// A problem is `min_w J(w) = ½‖w‖² + Σ_i C_i·max(0, 1 − y_i·⟨w, (x_i, 1)⟩)²`, the objective of scikit-learn's
/// `LinearSVC`: the bias is a weight like any other, `C_i` is the cost `C` times the weight of the row's class.
///
/// The minimum lies in the span of the rows, `w = Σ_i β_i·(x_i, 1)`, so `f = K·β` and `‖w‖² = βᵀ·K·β` with the
/// [Gram] matrix `K` (Chapelle, "Training a support vector machine in the primal", 2007). With `D_i = 2·C_i`,
/// Newton's step on the set `S` of rows inside the margin, `y_i·f_i < 1`, is
///
/// `(K_SS + D_S⁻¹)·β_S = y_S`, and `β_i = 0` elsewhere,
///
/// which becomes `(I + D^½·K_SS·D^½)·u = D^½·y_S`, `β_S = D^½·u`, for [ConjugateGradients]. While `S` is most of
/// the rows, all problems share the products with the whole `K`; a problem whose `S` has become small cuts `K_SS`
/// out and goes on with that. A path of costs is walked upwards, every solution the start of the next.
///
/// The iteration ends at a duality gap: with `α_i = max(0, y_i·β_i)`, which is feasible, the dual value
/// `Σ_i α_i·(1 − ½·y_i·f_i(α) − ½·α_i/D_i)` is below every `J`. While all `y_i·β_i ≥ 0` the gap is
/// `Σ_i ½·D_i·(h_i − α_i/D_i)² + α_i·(h_i − 1 + y_i·f_i)`, `h_i = max(0, 1 − y_i·f_i)`, without another
/// product; this steers the iteration.
public final class SquaredHingeSolver {

    /// Relative duality gap that is asked for when nothing else is said.
    public static final double TOLERANCE = 1e-8;

    /// A problem cuts out its part of `K` when fewer than this share of the rows is inside the margin.
    private static final double SMALL_SHARE = 0.4;

    private static final int MAX_NEWTON_STEPS = 200;
    private static final int MAX_CG_STEPS = 5_000;

    private final Gram gram;
    private final double tolerance;

    /// @param gram of the rows that all problems are about @param tolerance relative duality gap, `(J − dual)/J`,
    ///     at which a problem is solved
    public SquaredHingeSolver(Gram gram, double tolerance) {
        this.gram = gram;
        this.tolerance = tolerance;
    }

    /// Solves every problem at every cost.
    ///
    /// @param costs each above 0, in any order
    /// @return `[costs][problems]`, in the order given
    /// @throws DataException if a problem does not reach the tolerance
    public SvmSolution[][] path(BinaryProblem[] problems, double[] costs) {
        SvmSolution[][] solutions = new SvmSolution[costs.length][];
        int[] ascending = IntStream.range(0, costs.length)
                .boxed()
                .sorted(Comparator.comparingDouble(c -> costs[c]))
                .mapToInt(c -> c)
                .toArray();
        SvmSolution[] previous =
                Arrays.stream(problems).map(p -> SvmSolution.zero(p.y().length)).toArray(SvmSolution[]::new);
        for (int c : ascending) {
            previous = solve(problems, costs[c], previous);
            solutions[c] = previous;
        }
        return solutions;
    }

    /// Solves every problem at one cost.
    ///
    /// @param start solutions at another cost, one a problem
    private SvmSolution[] solve(BinaryProblem[] problems, double cost, SvmSolution[] start) {
        Iterate[] iterates = new Iterate[problems.length];
        IntStream.range(0, problems.length)
                .parallel()
                .forEach(p -> iterates[p] = new Iterate(problems[p], cost, start[p], tolerance));
        Iterate[] open = iterates;
        for (int step = 0; open.length > 0; step++) {
            if (step == MAX_NEWTON_STEPS) {
                throw new DataException("SVM: at cost " + cost + " the relative duality gap is still "
                        + open[0].relativeGap() + " after " + step + " Newton steps; " + tolerance
                        + " was asked for; leave out costs as large");
            }
            newtonStep(open);
            certify(Arrays.stream(open).filter(Iterate::nearlySolved).toArray(Iterate[]::new));
            open = Arrays.stream(open).filter(i -> !i.solved()).toArray(Iterate[]::new);
        }
        return Arrays.stream(iterates).map(i -> i.solution(cost)).toArray(SvmSolution[]::new);
    }

    private void newtonStep(Iterate[] iterates) {
        int count = iterates.length;
        int[][] inside = new int[count][];
        double[][] proposals = new double[count][];
        IntStream.range(0, count).parallel().forEach(p -> inside[p] = iterates[p].insideMargin());
        double small = gram instanceof Gram.Held ? SMALL_SHARE * gram.size() : 0;
        int[] large =
                IntStream.range(0, count).filter(p -> inside[p].length > small).toArray();
        ConjugateGradients.LinearSystem[] systems = Arrays.stream(large)
                .mapToObj(p -> iterates[p].wholeSystem(inside[p]))
                .toArray(ConjugateGradients.LinearSystem[]::new);
        ConjugateGradients.solve(gram, systems, MAX_CG_STEPS);
        for (int s = 0; s < large.length; s++) {
            proposals[large[s]] = systems[s].scaledSolution();
        }
        if (gram instanceof Gram.Held held) {
            IntStream.range(0, count)
                    .parallel()
                    .filter(p -> proposals[p] == null)
                    .forEach(p -> proposals[p] = proposalOnPart(held, inside[p], iterates[p]));
        }
        double[][] decisions = decisions(proposals);
        IntStream.range(0, count).parallel().forEach(p -> iterates[p].moveTowards(proposals[p], decisions[p]));
    }

    private static double[] proposalOnPart(Gram.Held held, int[] rows, Iterate iterate) {
        ConjugateGradients.LinearSystem system = iterate.compactSystem(rows);
        ConjugateGradients.solve(held.part(rows), new ConjugateGradients.LinearSystem[] {system}, MAX_CG_STEPS);
        double[] part = system.scaledSolution();
        double[] beta = new double[held.size()];
        for (int i = 0; i < rows.length; i++) {
            beta[rows[i]] = part[i];
        }
        return beta;
    }

    /// Takes the duality gaps of problems that seem to be solved for certain.
    private void certify(Iterate[] iterates) {
        double[][] feasible =
                Arrays.stream(iterates).parallel().map(Iterate::feasibleBeta).toArray(double[][]::new);
        double[][] decisions = decisions(feasible);
        for (int p = 0; p < iterates.length; p++) {
            iterates[p].judge(feasible[p], decisions[p]);
        }
    }

    private double[][] decisions(double[][] betas) {
        int n = gram.size();
        DMatrixRMaj rows = new DMatrixRMaj(betas.length, n);
        DMatrixRMaj products = new DMatrixRMaj(betas.length, n);
        for (int p = 0; p < betas.length; p++) {
            System.arraycopy(betas[p], 0, rows.data, p * n, n);
        }
        gram.multiply(rows, products);
        double[][] decisions = new double[betas.length][];
        for (int p = 0; p < betas.length; p++) {
            decisions[p] = Arrays.copyOfRange(products.data, p * n, (p + 1) * n);
        }
        return decisions;
    }
}
