package org.jmoco.tensor.backend.jvm.lanes;

import static jdk.incubator.vector.VectorOperators.GT;
import static org.jmoco.tensor.backend.jvm.lanes.VectorLanes.rectified;
import static org.jmoco.tensor.backend.jvm.runtime.OffHeap.address;
import static org.jmoco.tensor.backend.jvm.runtime.Vectors.SPECIES;
import static org.jmoco.tensor.backend.jvm.runtime.Vectors.WIDTH;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteOrder;
import java.util.Objects;
import jdk.incubator.vector.FloatVector;
import org.jmoco.tensor.backend.jvm.runtime.OffHeap;

/// [Columns] on the Vector API. Sums walk down a strip of columns with the sums in registers; the columns after
/// the last whole vector go through the plain loops of the superclass, which add in the same order.
///
/// Each operand is compared with the bounds of its memory once; then vectors are loaded by address. Sums of one
/// operand take four rows side by side; those of two or three go row by row, for which memory gives its best.
final class VectorColumns extends Columns {
    private static final FloatVector ZERO = FloatVector.zero(SPECIES);
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final MemorySegment ALL = OffHeap.all();

    @Override
    int vectorColumns(int columns) {
        return columns / WIDTH * WIDTH;
    }

    /// The address of an operand.
    ///
    /// @throws IndexOutOfBoundsException if its elements are not all in the memory
    private static long base(MemorySegment data, long at, long elements) {
        Objects.checkFromIndexSize(at, elements, OffHeap.of(data).byteSize() / Float.BYTES);
        return OffHeap.base(data) + at * Float.BYTES;
    }

    private static FloatVector load(long address) {
        return FloatVector.fromMemorySegment(SPECIES, ALL, address, ORDER);
    }

    private static void store(FloatVector v, long address) {
        v.intoMemorySegment(ALL, address, ORDER);
    }

    /// Operands must not be given back while they are known by address.
    private static void keep(MemorySegment... operands) {
        for (MemorySegment operand : operands) {
            Reference.reachabilityFence(operand);
        }
    }

    /// `dy` where the output of ReLU is positive, else 0.
    private static FloatVector masked(FloatVector dy, FloatVector y) {
        return ZERO.blend(dy, y.compare(GT, 0f));
    }

    @Override
    public void sums(MemorySegment x, long xAt, MemorySegment sum, long sumAt, int rows, int columns) {
        int end = vectorColumns(columns);
        long row = 4L * columns;
        long sums = address(base(sum, sumAt, columns));
        long first = base(x, xAt, (long) rows * columns);
        int r = 0;
        for (; r <= rows - 4; r += 4) {
            long x0 = address(first + r * row);
            long x1 = address(x0 + row);
            long x2 = address(x1 + row);
            long x3 = address(x2 + row);
            for (int c = 0; c < end; c += WIDTH) {
                long i = 4L * c;
                store(
                        load(sums + i)
                                .add(load(x0 + i))
                                .add(load(x1 + i))
                                .add(load(x2 + i))
                                .add(load(x3 + i)),
                        sums + i);
            }
        }
        for (; r < rows; r++) {
            long x0 = address(first + r * row);
            for (int c = 0; c < end; c += WIDTH) {
                long i = 4L * c;
                store(load(sums + i).add(load(x0 + i)), sums + i);
            }
        }
        keep(x, sum);
        if (end < columns) {
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
        int end = vectorColumns(columns);
        long row = 4L * columns;
        long means = address(base(mean, meanAt, columns));
        long sums = address(base(sum, sumAt, columns));
        long first = base(x, xAt, (long) rows * columns);
        int r = 0;
        for (; r <= rows - 4; r += 4) {
            long x0 = address(first + r * row);
            long x1 = address(x0 + row);
            long x2 = address(x1 + row);
            long x3 = address(x2 + row);
            for (int c = 0; c < end; c += WIDTH) {
                long i = 4L * c;
                FloatVector m = load(means + i);
                FloatVector s = load(sums + i);
                s = square(load(x0 + i).sub(m), s);
                s = square(load(x1 + i).sub(m), s);
                s = square(load(x2 + i).sub(m), s);
                s = square(load(x3 + i).sub(m), s);
                store(s, sums + i);
            }
        }
        for (; r < rows; r++) {
            long x0 = address(first + r * row);
            for (int c = 0; c < end; c += WIDTH) {
                long i = 4L * c;
                store(square(load(x0 + i).sub(load(means + i)), load(sums + i)), sums + i);
            }
        }
        keep(x, mean, sum);
        if (end < columns) {
            super.squaredDeviations(x, xAt, mean, meanAt, sum, sumAt, rows, columns);
        }
    }

    private static FloatVector square(FloatVector d, FloatVector sum) {
        return d.fma(d, sum);
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
        int end = vectorColumns(columns);
        long row = 4L * columns;
        long means = address(base(mean, meanAt, columns));
        long sums = address(base(sum, sumAt, columns));
        long products = address(base(product, productAt, columns));
        long firstG = base(dy, dyAt, (long) rows * columns);
        long firstX = base(x, xAt, (long) rows * columns);
        for (int r = 0; r < rows; r++) {
            long g0 = address(firstG + r * row);
            long x0 = address(firstX + r * row);
            for (int c = 0; c < end; c += WIDTH) {
                long i = 4L * c;
                FloatVector a = load(g0 + i);
                store(load(sums + i).add(a), sums + i);
                store(a.fma(load(x0 + i).sub(load(means + i)), load(products + i)), products + i);
            }
        }
        keep(dy, x, mean, sum, product);
        if (end < columns) {
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
        int end = vectorColumns(columns);
        long row = 4L * columns;
        long means = address(base(mean, meanAt, columns));
        long sums = address(base(sum, sumAt, columns));
        long products = address(base(product, productAt, columns));
        long firstG = base(dy, dyAt, (long) rows * columns);
        long firstY = base(y, yAt, (long) rows * columns);
        long firstX = base(x, xAt, (long) rows * columns);
        for (int r = 0; r < rows; r++) {
            long g0 = address(firstG + r * row);
            long y0 = address(firstY + r * row);
            long x0 = address(firstX + r * row);
            for (int c = 0; c < end; c += WIDTH) {
                long i = 4L * c;
                FloatVector a = masked(load(g0 + i), load(y0 + i));
                store(load(sums + i).add(a), sums + i);
                store(a.fma(load(x0 + i).sub(load(means + i)), load(products + i)), products + i);
            }
        }
        keep(dy, y, x, mean, sum, product);
        if (end < columns) {
            super.reluGradientSums(
                    dy, dyAt, y, yAt, x, xAt, mean, meanAt, sum, sumAt, product, productAt, rows, columns);
        }
    }

    @Override
    public void addVector(
            MemorySegment x, long xAt, MemorySegment b, long bAt, MemorySegment y, long yAt, int rows, int columns) {
        int end = vectorColumns(columns);
        long bBase = address(base(b, bAt, columns));
        long xBase = base(x, xAt, (long) rows * columns);
        long yBase = base(y, yAt, (long) rows * columns);
        for (int r = 0; r < rows; r++) {
            long xRow = address(xBase + 4L * columns * r);
            long yRow = address(yBase + 4L * columns * r);
            for (int c = 0; c < end; c += WIDTH) {
                long i = 4L * c;
                store(load(xRow + i).add(load(bBase + i)), yRow + i);
            }
        }
        keep(b, x, y);
        if (end < columns) {
            super.addVector(x, xAt, b, bAt, y, yAt, rows, columns);
        }
    }

    @Override
    public void scale(
            MemorySegment x, long xAt, MemorySegment s, long sAt, MemorySegment y, long yAt, int rows, int columns) {
        int end = vectorColumns(columns);
        long sBase = address(base(s, sAt, columns));
        long xBase = base(x, xAt, (long) rows * columns);
        long yBase = base(y, yAt, (long) rows * columns);
        for (int r = 0; r < rows; r++) {
            long xRow = address(xBase + 4L * columns * r);
            long yRow = address(yBase + 4L * columns * r);
            for (int c = 0; c < end; c += WIDTH) {
                long i = 4L * c;
                store(load(xRow + i).mul(load(sBase + i)), yRow + i);
            }
        }
        keep(s, x, y);
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
        long sBase = address(base(s, sAt, columns));
        long bBase = address(base(b, bAt, columns));
        long xBase = base(x, xAt, (long) rows * columns);
        long yBase = base(y, yAt, (long) rows * columns);
        for (int r = 0; r < rows; r++) {
            long xRow = address(xBase + 4L * columns * r);
            long yRow = address(yBase + 4L * columns * r);
            for (int c = 0; c < end; c += WIDTH) {
                long i = 4L * c;
                FloatVector value = load(xRow + i).fma(load(sBase + i), load(bBase + i));
                store(relu ? rectified(value) : value, yRow + i);
            }
        }
        keep(s, b, x, y);
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
        long sBase = address(base(s, sAt, columns));
        long bBase = address(base(b, bAt, columns));
        long xBase = base(x, xAt, (long) rows * columns);
        long residualBase = base(residual, residualAt, (long) rows * columns);
        long yBase = base(y, yAt, (long) rows * columns);
        for (int r = 0; r < rows; r++) {
            long xRow = address(xBase + 4L * columns * r);
            long residualRow = address(residualBase + 4L * columns * r);
            long yRow = address(yBase + 4L * columns * r);
            for (int c = 0; c < end; c += WIDTH) {
                long i = 4L * c;
                FloatVector value =
                        load(xRow + i).fma(load(sBase + i), load(bBase + i)).add(load(residualRow + i));
                store(relu ? rectified(value) : value, yRow + i);
            }
        }
        keep(s, b, x, residual, y);
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
        long aBase = address(base(a, aAt, columns));
        long bBase = address(base(b, bAt, columns));
        long dBase = address(base(d, dAt, columns));
        long dyBase = base(dy, dyAt, (long) rows * columns);
        long xBase = base(x, xAt, (long) rows * columns);
        long dxBase = base(dx, dxAt, (long) rows * columns);
        for (int r = 0; r < rows; r++) {
            long dyRow = address(dyBase + 4L * columns * r);
            long xRow = address(xBase + 4L * columns * r);
            long dxRow = address(dxBase + 4L * columns * r);
            for (int c = 0; c < end; c += WIDTH) {
                long i = 4L * c;
                store(
                        load(dyRow + i).fma(load(aBase + i), load(xRow + i).fma(load(bBase + i), load(dBase + i))),
                        dxRow + i);
            }
        }
        keep(a, b, d, dy, x, dx);
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
        long aBase = address(base(a, aAt, columns));
        long bBase = address(base(b, bAt, columns));
        long dBase = address(base(d, dAt, columns));
        long dyBase = base(dy, dyAt, (long) rows * columns);
        long yBase = base(y, yAt, (long) rows * columns);
        long xBase = base(x, xAt, (long) rows * columns);
        long dxBase = base(dx, dxAt, (long) rows * columns);
        for (int r = 0; r < rows; r++) {
            long dyRow = address(dyBase + 4L * columns * r);
            long yRow = address(yBase + 4L * columns * r);
            long xRow = address(xBase + 4L * columns * r);
            long dxRow = address(dxBase + 4L * columns * r);
            for (int c = 0; c < end; c += WIDTH) {
                long i = 4L * c;
                store(
                        masked(load(dyRow + i), load(yRow + i))
                                .fma(load(aBase + i), load(xRow + i).fma(load(bBase + i), load(dBase + i))),
                        dxRow + i);
            }
        }
        keep(a, b, d, dy, y, x, dx);
        if (end < columns) {
            super.reluGradient(dy, dyAt, y, yAt, a, aAt, x, xAt, b, bAt, d, dAt, dx, dxAt, rows, columns);
        }
    }
}
