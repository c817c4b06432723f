package org.jmoco.tensor.backend.jvm.lanes;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.backend.jvm.runtime.VectorSupport;

/// Arithmetic on row-major matrices `[rows, columns]` with one value a column: biases and batch norm over NHWC
/// data, where a row is a position and a column a channel.
///
/// Matrices are dense (row stride = `columns`) and given as memory and element offset like the rows of [Lanes];
/// vectors of one value a column have `columns` elements. Sums over a column start from what the output holds and
/// add row after row, so their bits do not depend on the vector width; callers cut long matrices into fixed chunks
/// of rows and add the chunks' sums in double precision or in a fixed order.
public abstract class Columns {
    Columns() {}

    /// The fastest implementation this JVM offers.
    public static Columns best() {
        return Choice.COLUMNS;
    }

    private static final class Choice {
        static final Columns COLUMNS = VectorSupport.usesVectorApi() ? new VectorColumns() : new PlainColumns();
    }

    // ---- sums over columns ----

    /// sum[c] += Σ x[r, c].
    public abstract void sums(MemorySegment x, long xAt, MemorySegment sum, long sumAt, int rows, int columns);

    /// sum[c] += Σ (x[r, c] − mean[c])².
    public abstract void squaredDeviations(
            MemorySegment x,
            long xAt,
            MemorySegment mean,
            long meanAt,
            MemorySegment sum,
            long sumAt,
            int rows,
            int columns);

    /// sum[c] += Σ dy[r, c] and product[c] += Σ dy[r, c]·(x[r, c] − mean[c]): the two sums in the gradient of
    /// batch norm.
    public abstract void gradientSums(
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
            int columns);

    /// As [#gradientSums] with dy[r, c] counted only where y[r, c] > 0: batch norm followed by ReLU, whose output
    /// is `y`.
    public abstract void reluGradientSums(
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
            int columns);

    // ---- one matrix in, one matrix out ----

    /// y[r, c] = x[r, c] + b[c].
    public abstract void addVector(
            MemorySegment x, long xAt, MemorySegment b, long bAt, MemorySegment y, long yAt, int rows, int columns);

    /// y[r, c] = x[r, c]·s[c].
    public abstract void scale(
            MemorySegment x, long xAt, MemorySegment s, long sAt, MemorySegment y, long yAt, int rows, int columns);

    /// y[r, c] = x[r, c]·s[c] + b[c], rounded once; with `relu` max(that, 0).
    public abstract void affine(
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
            int columns);

    /// y[r, c] = (x[r, c]·s[c] + b[c]) + residual[r, c]; with `relu` max(that, 0).
    public abstract void affineAdd(
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
            int columns);

    // ---- gradient of batch norm ----

    /// dx[r, c] = dy[r, c]·a[c] + (x[r, c]·b[c] + d[c]), each sum rounded once: the input gradient of batch norm,
    /// whose sums over the batch have become the three vectors.
    public abstract void gradient(
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
            int columns);

    /// As [#gradient] with dy[r, c] taken as 0 where y[r, c] ≤ 0: batch norm followed by ReLU, whose output is `y`.
    public abstract void reluGradient(
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
            int columns);
}
