package org.jmoco.tensor.backend.jvm.products;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/// What a set of elements reaches over: from the first to before the end, relative to somewhere.
record Extent(long first, long end) {
    /// Of elements that begin at these places, and are none long.
    static Extent of(int... places) {
        int least = Integer.MAX_VALUE;
        int most = Integer.MIN_VALUE;
        for (int place : places) {
            least = Math.min(least, place);
            most = Math.max(most, place);
        }
        return new Extent(least, most);
    }

    /// Of elements that begin at each of these relative to each of those.
    Extent plus(Extent others) {
        return new Extent(first + others.first, end + others.end);
    }

    /// Of elements that are so long.
    Extent plus(long length) {
        return new Extent(first, end + length);
    }

    /// @param at the element of `data` that these are relative to
    /// @throws IndexOutOfBoundsException if one of them lies outside
    void within(MemorySegment data, long at) {
        Objects.checkFromToIndex(at + first, at + end, data.byteSize() / 4);
    }
}
