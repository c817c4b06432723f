package org.jmoco.tensor.ops.elementwise;

import java.lang.foreign.MemorySegment;

final class SqrtJvm extends UnaryJvm<Sqrt> {
    @Override
    void row(Sqrt op, MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        lanes.sqrt(x, xAt, y, yAt, n);
    }
}
