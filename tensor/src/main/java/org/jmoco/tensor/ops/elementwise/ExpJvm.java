package org.jmoco.tensor.ops.elementwise;

import java.lang.foreign.MemorySegment;

final class ExpJvm extends UnaryJvm<Exp> {
    @Override
    void row(Exp op, MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        lanes.exp(0, x, xAt, y, yAt, n);
    }
}
