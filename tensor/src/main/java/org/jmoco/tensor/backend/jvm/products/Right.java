package org.jmoco.tensor.backend.jvm.products;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jmoco.tensor.backend.jvm.runtime.OffHeap;

/// A panel of the right-hand side of a matrix product over one stretch of k, as the [MicroKernel] reads it: the
/// columns of a k lie side by side, element (k, j) at `at + k·stride + j`.
public final class Right {
    /// Strides are shorter, so that no offset leaves the range of a long.
    private static final int LONGEST = (1 << 28) - 1;

    private final MemorySegment data;
    private final long at;
    private final int stride;
    private final long base;

    /// @param data   the memory
    /// @param at     element offset of the first column
    /// @param stride distance between two k, under 2^28: the kernel's columns if the panel was packed
    public Right(MemorySegment data, long at, int stride) {
        this.data = OffHeap.of(data);
        this.at = at;
        this.stride = Objects.checkIndex(stride, LONGEST + 1);
        base = OffHeap.base(data) + 4 * at;
    }

    MemorySegment data() {
        return data;
    }

    long at() {
        return at;
    }

    int stride() {
        return stride;
    }

    /// The address of the first element.
    long base() {
        return base;
    }

    /// The distance between two k in bytes, of which the compiler knows that it is not negative.
    long step() {
        return (stride & LONGEST) * 4L;
    }

    /// @param count how many k   @throws IndexOutOfBoundsException if an element lies outside the memory
    void check(long count, int columns) {
        if (count > 0) {
            new Extent(0, (count - 1) * stride + columns).within(data, at);
        }
    }
}
