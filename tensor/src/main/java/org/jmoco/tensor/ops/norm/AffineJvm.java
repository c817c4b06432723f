package org.jmoco.tensor.ops.norm;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.backend.jvm.lanes.Columns;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

/// `y = relu(x · scale + shift + residual)` with a scale and a shift for every channel of every group: the pass
/// that all forms of batch norm share.
final class AffineJvm {
    private static final Columns COLUMNS = Columns.best();

    private AffineJvm() {}

    /// @param scale    `[2, g, c]`: scales, then shifts
    /// @param residual null for none
    static void run(
            Workers workers,
            GroupChunksJvm chunks,
            boolean relu,
            MemorySegment x,
            MemorySegment scale,
            MemorySegment residual,
            MemorySegment y) {
        int c = chunks.columns();
        chunks.forEach(workers, (group, chunk, index) -> {
            long s = (long) group * c;
            long shift = (long) (chunks.groups() + group) * c;
            chunks.runs(group, chunk, (at, rows) -> {
                if (residual == null) {
                    COLUMNS.affine(relu, x, at, scale, s, scale, shift, y, at, rows, c);
                } else {
                    COLUMNS.affineAdd(relu, x, at, scale, s, scale, shift, residual, at, y, at, rows, c);
                }
            });
        });
    }
}
