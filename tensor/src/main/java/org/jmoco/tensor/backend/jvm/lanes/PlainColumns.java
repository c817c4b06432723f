package org.jmoco.tensor.backend.jvm.lanes;

import static org.jmoco.tensor.backend.jvm.lanes.Element.get;
import static org.jmoco.tensor.backend.jvm.lanes.Element.set;
import static org.jmoco.tensor.backend.jvm.lanes.PlainLanes.rectified;

import java.lang.foreign.MemorySegment;

/// [Columns] as ordinary loops: the path without the Vector API, and with it the columns that the vectors leave over.
class PlainColumns extends Columns {
    /// The first column not done by vectors; 0 here.
    int vectorColumns(int columns) {
        return 0;
    }

    @Override
    public void sums(MemorySegment x, long xAt, MemorySegment sum, long sumAt, int rows, int columns) {
        int from = vectorColumns(columns);
        for (int r = 0; r < rows; r++) {
            long row = (long) r * columns;
            for (int c = from; c < columns; c++) {
                set(sum, sumAt + c, get(sum, sumAt + c) + get(x, xAt + row + c));
            }
        }
    }

    @Override
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

    @Override
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

    @Override
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

    @Override
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

    @Override
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

    @Override
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

    @Override
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

    @Override
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

    @Override
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
