package org.jmoco.eval.svm;

import org.ejml.data.DMatrixRMaj;
import org.jmoco.eval.linalg.RowProducts;

/// Weights and decision values of linear models that are combinations of training rows.
public final class LinearModels {

    private LinearModels() {}

    /// `w = Σ_i β_i·(x_i, 1)` for every solution.
    ///
    /// @param x `[n, d]` @return `[solutions, d + 1]`, the bias last
    public static DMatrixRMaj weights(SvmSolution[] solutions, DMatrixRMaj x) {
        int n = x.numRows;
        int d = x.numCols;
        DMatrixRMaj beta = new DMatrixRMaj(solutions.length, n);
        for (int p = 0; p < solutions.length; p++) {
            System.arraycopy(solutions[p].beta(), 0, beta.data, p * n, n);
        }
        DMatrixRMaj combined = new DMatrixRMaj(solutions.length, d);
        RowProducts.combine(beta, x, combined);
        DMatrixRMaj weights = new DMatrixRMaj(solutions.length, d + 1);
        for (int p = 0; p < solutions.length; p++) {
            System.arraycopy(combined.data, p * d, weights.data, p * (d + 1), d);
            double bias = 0;
            for (double b : solutions[p].beta()) {
                bias += b;
            }
            weights.set(p, d, bias);
        }
        return weights;
    }

    /// `⟨w, (x, 1)⟩` of every model and row.
    ///
    /// @param weights `[models, d + 1]` @param x `[n, d]` @return `[models][n]`
    public static double[][] decisions(DMatrixRMaj weights, DMatrixRMaj x) {
        int n = x.numRows;
        int d = x.numCols;
        DMatrixRMaj slopes = new DMatrixRMaj(weights.numRows, d);
        for (int p = 0; p < weights.numRows; p++) {
            System.arraycopy(weights.data, p * (d + 1), slopes.data, p * d, d);
        }
        DMatrixRMaj products = new DMatrixRMaj(weights.numRows, n);
        RowProducts.multiply(slopes, x, products);
        double[][] decisions = new double[weights.numRows][n];
        for (int p = 0; p < weights.numRows; p++) {
            double bias = weights.get(p, d);
            for (int i = 0; i < n; i++) {
                decisions[p][i] = products.get(p, i) + bias;
            }
        }
        return decisions;
    }
}
