package org.jmoco.tensor.backend.jvm;

import static org.jmoco.tensor.backend.jvm.PlainLanes.get;
import static org.jmoco.tensor.backend.jvm.PlainLanes.set;

import java.lang.foreign.MemorySegment;

/// Copies a matrix with rows and columns exchanged.
final class Transpose {
    private Transpose() {}

    /// y[c, r] = x[r, c] for r < rows, c < columns; `xStride` and `yStride` are the distances between stored rows.
    static void run(
            MemorySegment x, long xAt, long xStride, int rows, int columns, MemorySegment y, long yAt, long yStride) {
        // Four columns at a time: each line of x is read once, while the rows written stay in the first cache level.
        int c = 0;
        for (; c <= columns - 4; c += 4) {
            for (int r = 0; r < rows; r++) {
                long from = xAt + r * xStride + c;
                long to = yAt + c * yStride + r;
                set(y, to, get(x, from));
                set(y, to + yStride, get(x, from + 1));
                set(y, to + 2 * yStride, get(x, from + 2));
                set(y, to + 3 * yStride, get(x, from + 3));
            }
        }
        for (; c < columns; c++) {
            for (int r = 0; r < rows; r++) {
                set(y, yAt + c * yStride + r, get(x, xAt + r * xStride + c));
            }
        }
    }
}
