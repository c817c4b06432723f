package org.jmoco.tensor.ops.elementwise;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.backend.OpExample;

final class SqrtJvm extends UnaryJvm<Sqrt> {
    @Override
    void row(Sqrt op, MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        lanes.sqrt(x, xAt, y, yAt, n);
    }

    @Override
    public OpExample example() {
        return OpExample.of(new Sqrt()).floats(4, 56, 56, 64);
    }
}
