package org.jmoco.tensor.io;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/// Dense copies of strided views.
public final class Strided {
    private Strided() {}

    /// Gathers the view `element[i, j, …] = storage[offset + i·stride[0] + j·stride[1] + …]`.
    ///
    /// @param storage little-endian elements of `type`
    /// @param offset in elements
    /// @param stride in elements, one for each dimension of `shape`, not negative
    /// @throws IndexOutOfBoundsException if the view leaves the storage
    public static ArrayData toDense(ElementType type, MemorySegment storage, long offset, long[] shape, long[] stride) {
        MemorySegment to = ArrayData.allocate(ArrayData.byteSize(type, shape));
        gather(storage, offset, shape, stride, to, type.bytes());
        return ArrayData.of(type, shape, to);
    }

    /// Reorders dimensions: dimension `i` of the result is dimension `axes[i]` of `array`.
    public static ArrayData permute(ArrayData array, int... axes) {
        long[] shape = array.shape();
        long[] dense = new long[shape.length];
        long step = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            dense[axis] = step;
            step *= shape[axis];
        }
        long[] newShape = new long[axes.length];
        long[] stride = new long[axes.length];
        for (int i = 0; i < axes.length; i++) {
            newShape[i] = shape[axes[i]];
            stride[i] = dense[axes[i]];
        }
        return toDense(array.type(), array.payload(), 0, newShape, stride);
    }

    private static void gather(
            MemorySegment from, long offset, long[] shape, long[] stride, MemorySegment to, int width) {
        long[] index = new long[shape.length];
        long source = offset;
        for (long i = 0; i < to.byteSize(); i += width) {
            copyElement(from, source * width, to, i, width);
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                source += stride[axis];
                if (++index[axis] < shape[axis]) {
                    break;
                }
                source -= stride[axis] * shape[axis];
                index[axis] = 0;
            }
        }
    }

    private static void copyElement(MemorySegment from, long source, MemorySegment to, long target, int width) {
        switch (width) {
            case 1 -> to.set(JAVA_BYTE, target, from.get(JAVA_BYTE, source));
            case 2 -> to.set(ArrayData.I16, target, from.get(ArrayData.I16, source));
            case 4 -> to.set(ArrayData.I32, target, from.get(ArrayData.I32, source));
            default -> to.set(ArrayData.I64, target, from.get(ArrayData.I64, source));
        }
    }
}
