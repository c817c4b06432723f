package org.jmoco.eval.knn;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.IntStream;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.ElementType;

/// Feature rows seen at unit length: the features as they are, and one over the length of each row in float64 (0
/// for a row of zeros).
final class UnitRows {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    final int n;
    final int d;
    private final MemorySegment values;
    private final double[] scale;

    /// @throws IllegalArgumentException if the array is not `[n, d]` of float32 with at least one element, or
    ///     holds a value that is not finite
    UnitRows(String what, ArrayData features) {
        if (features.rank() != 2 || features.count() == 0 || features.type() != ElementType.F32) {
            throw new IllegalArgumentException(
                    "knn: the " + what + " must be F32[n, d] with at least one row, got " + features);
        }
        n = Math.toIntExact(features.dim(0));
        d = Math.toIntExact(features.dim(1));
        values = features.payload();
        scale = new double[n];
        IntStream.range(0, n).parallel().forEach(i -> {
            double squares = dot(this, i, this, i);
            scale[i] = squares == 0 ? 0 : 1 / Math.sqrt(squares);
        });
        for (int i = 0; i < n; i++) {
            if (!Double.isFinite(scale[i])) {
                throw new IllegalArgumentException(
                        "knn: row " + i + " of the " + what + " holds a value that is not finite");
            }
        }
    }

    /// Cosine of two rows. Equal rows give equal bits, whatever their places.
    static double cosine(UnitRows a, int i, UnitRows b, int j) {
        return dot(a, i, b, j) * (a.scale[i] * b.scale[j]);
    }

    private static double dot(UnitRows a, int i, UnitRows b, int j) {
        long x = (long) i * a.d * Float.BYTES;
        long y = (long) j * b.d * Float.BYTES;
        double sum = 0;
        for (int c = 0; c < a.d; c++) {
            sum += (double) a.values.get(FLOAT, x + (long) c * Float.BYTES)
                    * b.values.get(FLOAT, y + (long) c * Float.BYTES);
        }
        return sum;
    }

    /// Writes `count` rows from `first` on at unit length, rounded to float32; rows beyond the last one are zeros.
    void copyTo(MemorySegment to, int first, int count) {
        IntStream.range(0, count).parallel().forEach(r -> {
            int i = first + r;
            for (int c = 0; c < d; c++) {
                float value = i < n ? (float) (values.get(FLOAT, ((long) i * d + c) * Float.BYTES) * scale[i]) : 0;
                to.set(FLOAT, ((long) r * d + c) * Float.BYTES, value);
            }
        });
    }
}
