package org.jmoco.eval.health;

import java.util.Arrays;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/// Five numbers about unit-length contrastive features.
///
/// @param alignment     mean squared distance of the two views of an image, in [0, 4]; smaller is closer (Wang and
///     Isola 2020, equation 1 with α = 2)
/// @param uniformity    `log mean exp(−2‖x − y‖²)` over pairs of different images, at most 0; smaller is more
///     evenly spread (Wang and Isola 2020, equation 2 with t = 2)
/// @param effectiveRank how many directions the features use: the exponential of the entropy of their normalised
///     singular values (Roy and Vetterli 2007), in [1, d]
/// @param spread        mean standard deviation of a coordinate times √d: about 1 for features spread over the
///     sphere, 0 when all are one point (Chen and He 2021, section 4.1)
/// @param positiveRank  median place of an image's own key among the negatives, 1 for the most similar one
public record FeatureHealth(
        double alignment, double uniformity, double effectiveRank, double spread, double positiveRank) {
    private static final double COLLAPSED_SPREAD = 0.1;
    private static final double COLLAPSED_RANK = 2;

    /// Measures a batch.
    ///
    /// @param queries   `[n, d]`, rows of unit length, n at least 2
    /// @param keys      `[n, d]`, rows of unit length: the other views of the same images
    /// @param negatives `[K, d]`, rows of unit length: the queue
    public static FeatureHealth of(DMatrixRMaj queries, DMatrixRMaj keys, DMatrixRMaj negatives) {
        if (queries.numRows < 2
                || keys.numRows != queries.numRows
                || keys.numCols != queries.numCols
                || negatives.numCols != queries.numCols) {
            throw new IllegalArgumentException(
                    "feature health: needs at least 2 queries, as many keys and negatives of the same length, got "
                            + queries.numRows + "×" + queries.numCols + ", " + keys.numRows + "×" + keys.numCols
                            + " and " + negatives.numRows + "×" + negatives.numCols);
        }
        return new FeatureHealth(
                alignment(queries, keys),
                uniformity(queries),
                effectiveRank(queries),
                spread(queries),
                positiveRank(queries, keys, negatives));
    }

    private static double alignment(DMatrixRMaj queries, DMatrixRMaj keys) {
        double sum = 0;
        for (int i = 0; i < queries.getNumElements(); i++) {
            double difference = queries.data[i] - keys.data[i];
            sum += difference * difference;
        }
        return sum / queries.numRows;
    }

    private static double uniformity(DMatrixRMaj x) {
        DMatrixRMaj cosines = timesTransposed(x, x);
        double sum = 0;
        for (int i = 0; i < x.numRows; i++) {
            for (int j = 0; j < i; j++) {
                sum += StrictMath.exp(-2 * (2 - 2 * cosines.get(i, j)));
            }
        }
        return StrictMath.log(sum / (0.5 * x.numRows * (x.numRows - 1)));
    }

    /// The singular values of x are the roots of the eigenvalues of xᵀx, which is small.
    private static double effectiveRank(DMatrixRMaj x) {
        DMatrixRMaj gram = new DMatrixRMaj(x.numCols, x.numCols);
        CommonOps_DDRM.multInner(x, gram);
        EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(x.numCols, false, true);
        if (!eigen.decompose(gram)) {
            throw new IllegalStateException(
                    "the eigenvalues of a " + x.numCols + "×" + x.numCols + " matrix were not found");
        }
        double[] singular = new double[x.numCols];
        for (int i = 0; i < singular.length; i++) {
            singular[i] = Math.sqrt(Math.max(0, eigen.getEigenvalue(i).getReal()));
        }
        double total = Arrays.stream(singular).sum();
        double entropy = 0;
        for (double s : singular) {
            entropy -= s == 0 ? 0 : s / total * StrictMath.log(s / total);
        }
        return StrictMath.exp(entropy);
    }

    private static double spread(DMatrixRMaj x) {
        double sum = 0;
        for (int k = 0; k < x.numCols; k++) {
            double mean = 0;
            for (int i = 0; i < x.numRows; i++) {
                mean += x.get(i, k);
            }
            mean /= x.numRows;
            double squares = 0;
            for (int i = 0; i < x.numRows; i++) {
                squares += (x.get(i, k) - mean) * (x.get(i, k) - mean);
            }
            sum += Math.sqrt(squares / x.numRows);
        }
        return sum / x.numCols * Math.sqrt(x.numCols);
    }

    private static double positiveRank(DMatrixRMaj queries, DMatrixRMaj keys, DMatrixRMaj negatives) {
        DMatrixRMaj cosines = timesTransposed(queries, negatives);
        double[] ranks = new double[queries.numRows];
        for (int i = 0; i < ranks.length; i++) {
            double positive = 0;
            for (int k = 0; k < queries.numCols; k++) {
                positive += queries.get(i, k) * keys.get(i, k);
            }
            int closer = 0;
            for (int j = 0; j < negatives.numRows; j++) {
                closer += cosines.get(i, j) > positive ? 1 : 0;
            }
            ranks[i] = 1 + closer;
        }
        Arrays.sort(ranks);
        return (ranks[(ranks.length - 1) / 2] + ranks[ranks.length / 2]) / 2;
    }

    private static DMatrixRMaj timesTransposed(DMatrixRMaj a, DMatrixRMaj b) {
        DMatrixRMaj product = new DMatrixRMaj(a.numRows, b.numRows);
        CommonOps_DDRM.multTransB(a, b, product);
        return product;
    }

    /// One line of advice if the features have collapsed.
    public Optional<String> alarm() {
        if (spread < COLLAPSED_SPREAD) {
            return Optional.of("the features have collapsed to a point (spread " + rounded(spread)
                    + " of 1): lower the learning rate, or raise contrast.momentum so that keys move more slowly");
        }
        if (effectiveRank < COLLAPSED_RANK) {
            return Optional.of("the features use one direction only (effective rank " + rounded(effectiveRank)
                    + "): raise contrast.temperature or strengthen the augmentation");
        }
        return Optional.empty();
    }

    private static String rounded(double value) {
        return String.format(java.util.Locale.ROOT, "%.2f", value);
    }
}
