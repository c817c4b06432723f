package org.jmoco.tensor.ops.elementwise;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.backend.OpExample;

final class ReluJvm extends UnaryJvm<Relu> {
    @Override
    void row(Relu op, MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        lanes.relu(x, xAt, y, yAt, n);
    }

    @Override
    public OpExample example() {
        return OpExample.of(new Relu()).floats(4, 56, 56, 64);
    }
}
