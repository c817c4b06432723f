package org.jmoco.tensor;

import java.util.Arrays;

/// The extents of a tensor, outermost first. A scalar has rank 0 and one element; an extent of 0 makes an empty tensor.
///
/// Elements lie in row-major order, the last axis contiguous.
public final class Shape {
    private static final Shape SCALAR = new Shape();

    private final int[] dims;
    private final long size;

    private Shape(int... dims) {
        long product = 1;
        for (int d : dims) {
            if (d < 0) {
                throw new ShapeException("a shape cannot have a negative extent: " + Arrays.toString(dims));
            }
            product = Math.multiplyExact(product, d);
        }
        this.dims = dims;
        this.size = product;
    }

    /// The shape with these extents.
    public static Shape of(int... dims) {
        return dims.length == 0 ? SCALAR : new Shape(dims.clone());
    }

    /// Rank 0, one element.
    public static Shape scalar() {
        return SCALAR;
    }

    public int rank() {
        return dims.length;
    }

    /// Extent of one axis; negative axes count from the end, as in NumPy.
    public int dim(int axis) {
        return dims[axis(axis)];
    }

    /// `axis` counted from the front.
    public int axis(int axis) {
        int a = axis < 0 ? axis + dims.length : axis;
        if (a < 0 || a >= dims.length) {
            throw new ShapeException("axis " + axis + " does not exist in " + this);
        }
        return a;
    }

    public int[] dims() {
        return dims.clone();
    }

    /// Number of elements.
    public long size() {
        return size;
    }

    /// Product of the extents `from` (inclusive) to `to` (exclusive).
    public long size(int from, int to) {
        long product = 1;
        for (int a = from; a < to; a++) {
            product *= dims[a];
        }
        return product;
    }

    /// This shape with one extent replaced.
    public Shape with(int axis, int extent) {
        int[] copy = dims.clone();
        copy[axis(axis)] = extent;
        return of(copy);
    }

    /// This shape without one axis.
    public Shape without(int axis) {
        int drop = axis(axis);
        int[] rest = new int[dims.length - 1];
        for (int a = 0, i = 0; a < dims.length; a++) {
            if (a != drop) {
                rest[i++] = dims[a];
            }
        }
        return of(rest);
    }

    /// NumPy broadcasting: aligned at the last axis, extents equal or one of them 1.
    ///
    /// @throws ShapeException if the shapes do not broadcast
    public static Shape broadcast(String op, Shape a, Shape b) {
        int rank = Math.max(a.rank(), b.rank());
        int[] out = new int[rank];
        for (int i = 1; i <= rank; i++) {
            int x = i <= a.rank() ? a.dims[a.rank() - i] : 1;
            int y = i <= b.rank() ? b.dims[b.rank() - i] : 1;
            if (x != y && x != 1 && y != 1) {
                throw new ShapeException(op + ": " + a + " and " + b + " do not broadcast (extents " + x + " and " + y
                        + ", counted from the last axis: " + i + ")");
            }
            out[rank - i] = x == 1 ? y : x;
        }
        return of(out);
    }

    /// @return this shape, if its rank is `rank`
    /// @throws ShapeException naming `op` and the `expected` form otherwise
    public Shape requireRank(int rank, String op, String expected) {
        if (dims.length != rank) {
            throw new ShapeException(op + ": expected " + expected + ", got " + this);
        }
        return this;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape s && Arrays.equals(dims, s.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    @Override
    public String toString() {
        return Arrays.toString(dims);
    }
}
