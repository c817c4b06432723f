package org.jmoco.eval.svm;

import org.ejml.data.DMatrixRMaj;
import org.jmoco.eval.linalg.RowProducts;

/// The Gram matrix `K = X·Xᵀ + 1` of feature rows that carry an extra constant feature 1, whose weight is the bias.
///
/// All that the solver needs of the features: a linear model in the span of the rows, `w = Σ_i β_i·(x_i, 1)`,
/// has decision values `f = K·β` and squared length `βᵀ·K·β`.
public sealed interface Gram {

    /// Rows that a Gram matrix is held for though a product would be cheaper to multiply with: 6,000² doubles are
    /// 288 MB.
    int HELD_ROWS = 6_000;

    /// How many times dearer that may be. Measured with 4,000 rows, ten classes, all costs and folds: 512 columns
    /// 8 s held and 13 s as a product, 16 columns 13 s and 1 s (CPU time).
    int MUCH_DEARER = 8;

    /// The number of rows `n`.
    int size();

    /// Decision values of several models on all rows, `out = b·K`; `out` is reshaped.
    ///
    /// @param b `[m, n]`, one model a row @param out `[m, n]`
    void multiply(DMatrixRMaj b, DMatrixRMaj out);

    /// The Gram matrix in the form that the solver is faster with: held when `n ≤ 2·d`, when it is cheaper to
    /// multiply with, and up to [#HELD_ROWS] while it is not much dearer, since parts of it can be cut out; as a
    /// product of `X` and `Xᵀ` otherwise.
    ///
    /// @param features `[n, d]`, without the constant; kept, not copied, when the product form is chosen
    static Gram of(DMatrixRMaj features) {
        int n = features.numRows;
        int d = features.numCols;
        return n <= 2 * d || n <= Math.min(HELD_ROWS, MUCH_DEARER * 2 * d) ? Held.of(features) : new Factored(features);
    }

    /// `K` as a matrix: `2·n²` operations a model, and square parts of it can be cut out.
    ///
    /// @param matrix `[n, n]`, symmetric
    record Held(DMatrixRMaj matrix) implements Gram {

        /// The Gram matrix of rows.
        ///
        /// @param features `[n, d]`, without the constant
        public static Held of(DMatrixRMaj features) {
            DMatrixRMaj k = RowProducts.gram(features);
            int length = k.getNumElements();
            for (int i = 0; i < length; i++) {
                k.data[i] += 1;
            }
            return new Held(k);
        }

        @Override
        public int size() {
            return matrix.numRows;
        }

        @Override
        public void multiply(DMatrixRMaj b, DMatrixRMaj out) {
            RowProducts.multiply(b, matrix, out);
        }

        /// The Gram matrix of some of the rows.
        ///
        /// @param rows their indices, ascending
        public Held part(int[] rows) {
            int n = matrix.numCols;
            int m = rows.length;
            DMatrixRMaj part = new DMatrixRMaj(m, m);
            for (int i = 0; i < m; i++) {
                int from = rows[i] * n;
                int to = i * m;
                for (int j = 0; j < m; j++) {
                    part.data[to + j] = matrix.data[from + rows[j]];
                }
            }
            return new Held(part);
        }
    }

    /// `K` as a product: `4·n·d` operations a model, no memory beyond the features.
    ///
    /// @param features `[n, d]`
    record Factored(DMatrixRMaj features) implements Gram {

        @Override
        public int size() {
            return features.numRows;
        }

        @Override
        public void multiply(DMatrixRMaj b, DMatrixRMaj out) {
            DMatrixRMaj weights = new DMatrixRMaj(b.numRows, features.numCols);
            RowProducts.combine(b, features, weights);
            RowProducts.multiply(weights, features, out);
            int n = b.numCols;
            for (int p = 0; p < b.numRows; p++) {
                double bias = 0;
                for (int i = 0; i < n; i++) {
                    bias += b.data[p * n + i];
                }
                for (int i = 0; i < n; i++) {
                    out.data[p * n + i] += bias;
                }
            }
        }
    }
}
