package org.jmoco.tensor.backend.jvm.lanes;

import static jdk.incubator.vector.VectorOperators.GT;
import static org.jmoco.tensor.backend.jvm.lanes.VectorLanes.load;
import static org.jmoco.tensor.backend.jvm.lanes.VectorLanes.rectified;
import static org.jmoco.tensor.backend.jvm.lanes.VectorLanes.store;
import static org.jmoco.tensor.backend.jvm.runtime.Vectors.WIDTH;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.jmoco.tensor.backend.jvm.runtime.Vectors;

/// [Columns] on the Vector API. Sums walk down a strip of columns with the sums in registers; the columns after
/// the last whole vector go through the plain loops of the superclass, which add in the same order.
final class VectorColumns extends Columns {
    private static final FloatVector ZERO = FloatVector.zero(Vectors.SPECIES);

    @Override
    int vectorColumns(int columns) {
        return columns / WIDTH * WIDTH;
    }

    /// `dy` where the output of ReLU is positive, else 0.
    private static FloatVector masked(FloatVector dy, FloatVector y) {
        return ZERO.blend(dy, y.compare(GT, 0f));
    }

    @Override
    public void sums(MemorySegment x, long xAt, MemorySegment sum, long sumAt, int rows, int columns) {
        int c = 0;
        for (; c <= columns - 4 * WIDTH; c += 4 * WIDTH) {
            FloatVector s0 = load(sum, sumAt + c);
            FloatVector s1 = load(sum, sumAt + c + WIDTH);
            FloatVector s2 = load(sum, sumAt + c + 2 * WIDTH);
            FloatVector s3 = load(sum, sumAt + c + 3 * WIDTH);
            for (int r = 0; r < rows; r++) {
                long i = xAt + (long) r * columns + c;
                s0 = s0.add(load(x, i));
                s1 = s1.add(load(x, i + WIDTH));
                s2 = s2.add(load(x, i + 2 * WIDTH));
                s3 = s3.add(load(x, i + 3 * WIDTH));
            }
            store(s0, sum, sumAt + c);
            store(s1, sum, sumAt + c + WIDTH);
            store(s2, sum, sumAt + c + 2 * WIDTH);
            store(s3, sum, sumAt + c + 3 * WIDTH);
        }
        for (; c <= columns - WIDTH; c += WIDTH) {
            FloatVector s = load(sum, sumAt + c);
            for (int r = 0; r < rows; r++) {
                s = s.add(load(x, xAt + (long) r * columns + c));
            }
            store(s, sum, sumAt + c);
        }
        if (c < columns) {
            super.sums(x, xAt, sum, sumAt, rows, columns);
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
        int c = 0;
        for (; c <= columns - 2 * WIDTH; c += 2 * WIDTH) {
            FloatVector m0 = load(mean, meanAt + c);
            FloatVector m1 = load(mean, meanAt + c + WIDTH);
            FloatVector s0 = load(sum, sumAt + c);
            FloatVector s1 = load(sum, sumAt + c + WIDTH);
            for (int r = 0; r < rows; r++) {
                long i = xAt + (long) r * columns + c;
                FloatVector d0 = load(x, i).sub(m0);
                FloatVector d1 = load(x, i + WIDTH).sub(m1);
                s0 = d0.fma(d0, s0);
                s1 = d1.fma(d1, s1);
            }
            store(s0, sum, sumAt + c);
            store(s1, sum, sumAt + c + WIDTH);
        }
        for (; c <= columns - WIDTH; c += WIDTH) {
            FloatVector m = load(mean, meanAt + c);
            FloatVector s = load(sum, sumAt + c);
            for (int r = 0; r < rows; r++) {
                FloatVector d = load(x, xAt + (long) r * columns + c).sub(m);
                s = d.fma(d, s);
            }
            store(s, sum, sumAt + c);
        }
        if (c < columns) {
            super.squaredDeviations(x, xAt, mean, meanAt, sum, sumAt, rows, columns);
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
        int c = 0;
        for (; c <= columns - WIDTH; c += WIDTH) {
            FloatVector m = load(mean, meanAt + c);
            FloatVector s = load(sum, sumAt + c);
            FloatVector p = load(product, productAt + c);
            for (int r = 0; r < rows; r++) {
                long i = (long) r * columns + c;
                FloatVector g = load(dy, dyAt + i);
                s = s.add(g);
                p = g.fma(load(x, xAt + i).sub(m), p);
            }
            store(s, sum, sumAt + c);
            store(p, product, productAt + c);
        }
        if (c < columns) {
            super.gradientSums(dy, dyAt, x, xAt, mean, meanAt, sum, sumAt, product, productAt, rows, columns);
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
        int c = 0;
        for (; c <= columns - WIDTH; c += WIDTH) {
            FloatVector m = load(mean, meanAt + c);
            FloatVector s = load(sum, sumAt + c);
            FloatVector p = load(product, productAt + c);
            for (int r = 0; r < rows; r++) {
                long i = (long) r * columns + c;
                FloatVector g = masked(load(dy, dyAt + i), load(y, yAt + i));
                s = s.add(g);
                p = g.fma(load(x, xAt + i).sub(m), p);
            }
            store(s, sum, sumAt + c);
            store(p, product, productAt + c);
        }
        if (c < columns) {
            super.reluGradientSums(
                    dy, dyAt, y, yAt, x, xAt, mean, meanAt, sum, sumAt, product, productAt, rows, columns);
        }
    }

    @Override
    public void addVector(
            MemorySegment x, long xAt, MemorySegment b, long bAt, MemorySegment y, long yAt, int rows, int columns) {
        int end = vectorColumns(columns);
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < end; c += WIDTH) {
                long i = (long) r * columns + c;
                store(load(x, xAt + i).add(load(b, bAt + c)), y, yAt + i);
            }
        }
        if (end < columns) {
            super.addVector(x, xAt, b, bAt, y, yAt, rows, columns);
        }
    }

    @Override
    public void scale(
            MemorySegment x, long xAt, MemorySegment s, long sAt, MemorySegment y, long yAt, int rows, int columns) {
        int end = vectorColumns(columns);
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < end; c += WIDTH) {
                long i = (long) r * columns + c;
                store(load(x, xAt + i).mul(load(s, sAt + c)), y, yAt + i);
            }
        }
        if (end < columns) {
            super.scale(x, xAt, s, sAt, y, yAt, rows, columns);
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
        int end = vectorColumns(columns);
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < end; c += WIDTH) {
                long i = (long) r * columns + c;
                FloatVector value = load(x, xAt + i).fma(load(s, sAt + c), load(b, bAt + c));
                store(relu ? rectified(value) : value, y, yAt + i);
            }
        }
        if (end < columns) {
            super.affine(relu, x, xAt, s, sAt, b, bAt, y, yAt, rows, columns);
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
        int end = vectorColumns(columns);
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < end; c += WIDTH) {
                long i = (long) r * columns + c;
                FloatVector value =
                        load(x, xAt + i).fma(load(s, sAt + c), load(b, bAt + c)).add(load(residual, residualAt + i));
                store(relu ? rectified(value) : value, y, yAt + i);
            }
        }
        if (end < columns) {
            super.affineAdd(relu, x, xAt, s, sAt, b, bAt, residual, residualAt, y, yAt, rows, columns);
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
        int end = vectorColumns(columns);
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < end; c += WIDTH) {
                long i = (long) r * columns + c;
                store(
                        load(dy, dyAt + i)
                                .fma(load(a, aAt + c), load(x, xAt + i).fma(load(b, bAt + c), load(d, dAt + c))),
                        dx,
                        dxAt + i);
            }
        }
        if (end < columns) {
            super.gradient(dy, dyAt, a, aAt, x, xAt, b, bAt, d, dAt, dx, dxAt, rows, columns);
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
        int end = vectorColumns(columns);
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < end; c += WIDTH) {
                long i = (long) r * columns + c;
                store(
                        masked(load(dy, dyAt + i), load(y, yAt + i))
                                .fma(load(a, aAt + c), load(x, xAt + i).fma(load(b, bAt + c), load(d, dAt + c))),
                        dx,
                        dxAt + i);
            }
        }
        if (end < columns) {
            super.reluGradient(dy, dyAt, y, yAt, a, aAt, x, xAt, b, bAt, d, dAt, dx, dxAt, rows, columns);
        }
    }
}
