package org.jmoco.eval.svm;

/// The solution of a [BinaryProblem] at one cost.
///
/// @param cost `C` @param beta `[n]`, the model `w = Σ_i β_i·(x_i, 1)` @param decision `[n]`, decision values of
///     all rows, trained on or not
/// @param objective `J(w)` of [SquaredHingeSolver] @param gap duality gap: the objective is at most this far above
///     its minimum
@SuppressWarnings("ArrayRecordComponent") // a carrier of arrays, never compared
public record SvmSolution(double cost, double[] beta, double[] decision, double objective, double gap) {

    static SvmSolution zero(int n) {
        return new SvmSolution(0, new double[n], new double[n], Double.NaN, Double.NaN);
    }
}
