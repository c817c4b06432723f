package org.jmoco.tensor.ops.shape;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

/// Copies of equally long rows from one place to another, in parallel.
final class RowsJvm {
    private static final long CHUNK = 1 << 18;

    private RowsJvm() {}

    /// Copies `rows` rows of `length` bytes. Row r of `x` begins at byte `xAt + r·xStride`, its copy in `y` at
    /// `yAt + r·yStride`.
    static void copy(
            MemorySegment x,
            long xAt,
            long xStride,
            MemorySegment y,
            long yAt,
            long yStride,
            long length,
            long rows,
            Workers workers) {
        if (length > 0) {
            workers.forRange(rows, Math.max(1, CHUNK / length), (from, to) -> {
                for (long r = from; r < to; r++) {
                    MemorySegment.copy(x, xAt + r * xStride, y, yAt + r * yStride, length);
                }
            });
        }
    }
}
