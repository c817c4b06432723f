package org.jmoco.eval;

import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.jmoco.nn.data.DataException;
import org.jmoco.tensor.io.ArrayData;

/// Feature rows of images, `[n, d]`.
public final class Features {

    /// Added to the length of a row before it is divided by it, in the VOC07 protocols.
    private static final double VOC_EPSILON = 1e-5;

    private Features() {}

    /// Features of a file, as float64.
    ///
    /// @param name stands for the file in messages @param array of rank 2; higher ranks are flattened to `[n, d]`
    /// @throws DataException if it has no rows or no columns, is a vector, or holds NaN or infinite values
    public static DMatrixRMaj of(String name, ArrayData array) {
        if (array.rank() < 2 || array.count() == 0) {
            throw new DataException(name + ": features must be [n, d], the file holds " + array);
        }
        DMatrixRMaj features = new DMatrixRMaj((int) array.dim(0), (int) (array.count() / array.dim(0)));
        System.arraycopy(array.toDoubleArray(), 0, features.data, 0, features.getNumElements());
        requireFinite(name, features);
        return features;
    }

    /// Whether features can be computed with.
    ///
    /// @throws DataException if an element is NaN or infinite; the message names the first one
    public static void requireFinite(String name, DMatrixRMaj features) {
        int d = features.numCols;
        for (int i = 0; i < features.getNumElements(); i++) {
            if (!Double.isFinite(features.data[i])) {
                throw new DataException(name + ": row " + i / d + ", column " + i % d + " is " + features.data[i]);
            }
        }
    }

    /// Whether every item has a label.
    ///
    /// @throws DataException if features and labels are not of the same number of items
    public static void requireSameItems(String name, DMatrixRMaj features, int labels) {
        if (features.numRows != labels) {
            throw new DataException(name + ": " + features.numRows + " feature rows for " + labels + " labels");
        }
    }

    /// The rows scaled as the VOC07 protocols do, `x / (‖x‖₂ + 1e-5)`; a new matrix.
    public static DMatrixRMaj vocNormalised(DMatrixRMaj features) {
        return scaledRows(features, VOC_EPSILON);
    }

    /// The rows scaled to unit length, a row of zeros staying one; a new matrix.
    public static DMatrixRMaj unitRows(DMatrixRMaj features) {
        return scaledRows(features, 0);
    }

    private static DMatrixRMaj scaledRows(DMatrixRMaj features, double epsilon) {
        int d = features.numCols;
        DMatrixRMaj out = new DMatrixRMaj(features.numRows, d);
        IntStream.range(0, features.numRows).parallel().forEach(i -> {
            double squares = 0;
            for (int k = i * d; k < (i + 1) * d; k++) {
                squares += features.data[k] * features.data[k];
            }
            double length = Math.sqrt(squares) + epsilon;
            for (int k = i * d; k < (i + 1) * d; k++) {
                out.data[k] = length == 0 ? 0 : features.data[k] / length;
            }
        });
        return out;
    }
}
