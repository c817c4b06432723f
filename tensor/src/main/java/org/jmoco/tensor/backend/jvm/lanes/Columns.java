package org.jmoco.tensor.backend.jvm.lanes;

import static org.jmoco.tensor.backend.jvm.lanes.Element.get;
import static org.jmoco.tensor.backend.jvm.lanes.Element.set;
import static org.jmoco.tensor.backend.jvm.lanes.Lanes.rectified;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.backend.jvm.runtime.VectorSupport;

/// Arithmetic on row-major matrices `[rows, columns]` with one value a column: biases and batch norm over NHWC
/// data, where a row is a position and a column a channel.
///
/// Matrices are dense (row stride = `columns`) and given as memory and element offset like the rows of [Lanes];
/// vectors of one value a column have `columns` elements. Sums over a column start from what the output holds and
/// add row after row, so their bits do not depend on the vector width; callers cut long matrices into fixed chunks
/// of rows and add the chunks' sums in double precision or in a fixed order.
///
/// Each method is a plain loop, as in [Lanes]; [VectorColumns] overrides them.
public class Columns {
    Columns() {}

    /// The fastest implementation this JVM offers.
    public static Columns best() {
        return Choice.COLUMNS;
    }

    private static final class Choice {
        static final Columns COLUMNS = VectorSupport.usesVectorApi() ? new VectorColumns() : new Columns();
    }

    /// The first column not done by vectors; 0 here.
    int vectorColumns(int columns) {
        return 0;
    }

    // ---- sums over columns ----

    /// `sum[c] += Σ x[r, c]`.
    public void sums(MemorySegment x, long xAt, MemorySegment sum, long sumAt, int rows, int columns) {
        int from = vectorColumns(columns);
        for (int r = 0; r < rows; r++) {
            long row = (long) r * columns;
            for (int c = from; c < columns; c++) {
                set(sum, sumAt + c, get(sum, sumAt + c) + get(x, xAt + row + c));
            }
        }
    }

    /// `sum[c] += Σ (x[r, c] − mean[c])²`.
    public void squaredDeviations(
            MemorySegment x,
            long xAt,
            MemorySegment mean,
            long meanAt,
            MemorySegment sum,
            long sumAt,
            int rows,
            int columns) {
        int from = vectorColumns(columns);
        for (int r = 0; r < rows; r++) {
            long row = (long) r * columns;
            for (int c = from; c < columns; c++) {
                float deviation = get(x, xAt + row + c) - get(mean, meanAt + c);
                set(sum, sumAt + c, Math.fma(deviation, deviation, get(sum, sumAt + c)));
            }
        }
    }

    /// `sum[c] += Σ dy[r, c]` and `product[c] += Σ dy[r, c]·(x[r, c] − mean[c])`: the two sums in the gradient of
    /// batch norm.
    public void gradientSums(
            MemorySegment dy,
            long dyAt,
            MemorySegment x,
            long xAt,
            MemorySegment mean,
            long meanAt,
            MemorySegment sum,
            long sumAt,
            MemorySegment product,
            long productAt,
            int rows,
            int columns) {
        int from = vectorColumns(columns);
        for (int r = 0; r < rows; r++) {
            long row = (long) r * columns;
            for (int c = from; c < columns; c++) {
                float g = get(dy, dyAt + row + c);
                float deviation = get(x, xAt + row + c) - get(mean, meanAt + c);
                set(sum, sumAt + c, get(sum, sumAt + c) + g);
                set(product, productAt + c, Math.fma(g, deviation, get(product, productAt + c)));
            }
        }
    }

    /// As [#gradientSums] with `dy[r, c]` counted only where `y[r, c] > 0`: batch norm followed by ReLU, whose
    /// output is `y`.
    public void reluGradientSums(
            MemorySegment dy,
            long dyAt,
            MemorySegment y,
            long yAt,
            MemorySegment x,
            long xAt,
            MemorySegment mean,
            long meanAt,
            MemorySegment sum,
            long sumAt,
            MemorySegment product,
            long productAt,
            int rows,
            int columns) {
        int from = vectorColumns(columns);
        for (int r = 0; r < rows; r++) {
            long row = (long) r * columns;
            for (int c = from; c < columns; c++) {
                float g = get(y, yAt + row + c) > 0 ? get(dy, dyAt + row + c) : 0;
                float deviation = get(x, xAt + row + c) - get(mean, meanAt + c);
                set(sum, sumAt + c, get(sum, sumAt + c) + g);
                set(product, productAt + c, Math.fma(g, deviation, get(product, productAt + c)));
            }
        }
    }

    // ---- one matrix in, one matrix out ----

    /// `y[r, c] = x[r, c] + b[c]`.
    public void addVector(
            MemorySegment x, long xAt, MemorySegment b, long bAt, MemorySegment y, long yAt, int rows, int columns) {
        int from = vectorColumns(columns);
        for (int r = 0; r < rows; r++) {
            long row = (long) r * columns;
            for (int c = from; c < columns; c++) {
                set(y, yAt + row + c, get(x, xAt + row + c) + get(b, bAt + c));
            }
        }
    }

    /// `y[r, c] = x[r, c]·s[c]`.
    public void scale(
            MemorySegment x, long xAt, MemorySegment s, long sAt, MemorySegment y, long yAt, int rows, int columns) {
        int from = vectorColumns(columns);
        for (int r = 0; r < rows; r++) {
            long row = (long) r * columns;
            for (int c = from; c < columns; c++) {
                set(y, yAt + row + c, get(x, xAt + row + c) * get(s, sAt + c));
            }
        }
    }

    /// `y[r, c] = x[r, c]·s[c] + b[c]`, rounded once; with `relu` max(that, 0).
    public void affine(
            boolean relu,
            MemorySegment x,
            long xAt,
            MemorySegment s,
            long sAt,
            MemorySegment b,
            long bAt,
            MemorySegment y,
            long yAt,
            int rows,
            int columns) {
        int from = vectorColumns(columns);
        for (int r = 0; r < rows; r++) {
            long row = (long) r * columns;
            for (int c = from; c < columns; c++) {
                float value = Math.fma(get(x, xAt + row + c), get(s, sAt + c), get(b, bAt + c));
                set(y, yAt + row + c, relu ? rectified(value) : value);
            }
        }
    }

    /// `y[r, c] = (x[r, c]·s[c] + b[c]) + residual[r, c]`; with `relu` max(that, 0).
    public void affineAdd(
            boolean relu,
            MemorySegment x,
            long xAt,
            MemorySegment s,
            long sAt,
            MemorySegment b,
            long bAt,
            MemorySegment residual,
            long residualAt,
            MemorySegment y,
            long yAt,
            int rows,
            int columns) {
        int from = vectorColumns(columns);
        for (int r = 0; r < rows; r++) {
            long row = (long) r * columns;
            for (int c = from; c < columns; c++) {
                float value = Math.fma(get(x, xAt + row + c), get(s, sAt + c), get(b, bAt + c))
                        + get(residual, residualAt + row + c);
                set(y, yAt + row + c, relu ? rectified(value) : value);
            }
        }
    }

    // ---- gradient of batch norm ----

    /// `dx[r, c] = dy[r, c]·a[c] + (x[r, c]·b[c] + d[c])`, each sum rounded once: the input gradient of batch
    /// norm, whose sums over the batch have become the three vectors.
    public void gradient(
            MemorySegment dy,
            long dyAt,
            MemorySegment a,
            long aAt,
            MemorySegment x,
            long xAt,
            MemorySegment b,
            long bAt,
            MemorySegment d,
            long dAt,
            MemorySegment dx,
            long dxAt,
            int rows,
            int columns) {
        int from = vectorColumns(columns);
        for (int r = 0; r < rows; r++) {
            long row = (long) r * columns;
            for (int c = from; c < columns; c++) {
                float rest = Math.fma(get(x, xAt + row + c), get(b, bAt + c), get(d, dAt + c));
                set(dx, dxAt + row + c, Math.fma(get(dy, dyAt + row + c), get(a, aAt + c), rest));
            }
        }
    }

    /// As [#gradient] with `dy[r, c]` taken as 0 where `y[r, c] ≤ 0`: batch norm followed by ReLU, whose output is
    /// `y`.
    public void reluGradient(
            MemorySegment dy,
            long dyAt,
            MemorySegment y,
            long yAt,
            MemorySegment a,
            long aAt,
            MemorySegment x,
            long xAt,
            MemorySegment b,
            long bAt,
            MemorySegment d,
            long dAt,
            MemorySegment dx,
            long dxAt,
            int rows,
            int columns) {
        int from = vectorColumns(columns);
        for (int r = 0; r < rows; r++) {
            long row = (long) r * columns;
            for (int c = from; c < columns; c++) {
                float g = get(y, yAt + row + c) > 0 ? get(dy, dyAt + row + c) : 0;
                float rest = Math.fma(get(x, xAt + row + c), get(b, bAt + c), get(d, dAt + c));
                set(dx, dxAt + row + c, Math.fma(g, get(a, aAt + c), rest));
            }
        }
    }
}
