package org.jmoco.tensor.backend.jvm.lanes;

import static org.jmoco.tensor.backend.jvm.lanes.Element.get;
import static org.jmoco.tensor.backend.jvm.lanes.Element.set;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.backend.jvm.runtime.VectorSupport;

/// Copies a matrix with rows and columns exchanged.
public final class Transpose {
    /// Side of the blocks that are transposed by vectors; 0 for none.
    private static final int SIDE = VectorSupport.usesVectorApi() ? VectorTranspose.side() : 0;

    private Transpose() {}

    /// y[c, r] = x[r, c] for r < rows, c < columns; `xStride` and `yStride` are the distances between stored rows.
    public static void run(
            MemorySegment x, long xAt, long xStride, int rows, int columns, MemorySegment y, long yAt, long yStride) {
        int wholeRows = SIDE == 0 ? 0 : rows / SIDE * SIDE;
        int wholeColumns = SIDE == 0 ? 0 : columns / SIDE * SIDE;
        if (wholeRows > 0 && wholeColumns > 0) {
            VectorTranspose.run(x, xAt, xStride, wholeRows, wholeColumns, y, yAt, yStride);
            plain(
                    x,
                    xAt + wholeColumns,
                    xStride,
                    wholeRows,
                    columns - wholeColumns,
                    y,
                    yAt + wholeColumns * yStride,
                    yStride);
            plain(x, xAt + wholeRows * xStride, xStride, rows - wholeRows, columns, y, yAt + wholeRows, yStride);
        } else {
            plain(x, xAt, xStride, rows, columns, y, yAt, yStride);
        }
    }

    private static void plain(
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
