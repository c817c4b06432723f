package org.jmoco.tensor.ops.elementwise;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.backend.OpExample;

final class ExpJvm extends UnaryJvm<Exp> {
    @Override
    void row(Exp op, MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        lanes.exp(0, x, xAt, y, yAt, n);
    }

    @Override
    public OpExample example() {
        return OpExample.of(new Exp()).floats(4, 56, 56, 64);
    }
}
