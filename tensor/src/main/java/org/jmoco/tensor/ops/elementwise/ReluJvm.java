package org.jmoco.tensor.ops.elementwise;

import java.lang.foreign.MemorySegment;

final class ReluJvm extends UnaryJvm<Relu> {
    @Override
    void row(Relu op, MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        lanes.relu(x, xAt, y, yAt, n);
    }
}
