package org.jmoco.tensor.ops.elementwise;

import java.lang.foreign.MemorySegment;

final class DivideJvm extends BinaryJvm<Divide> {
    @Override
    void rows(MemorySegment a, long aAt, MemorySegment b, long bAt, MemorySegment z, long zAt, int n) {
        lanes.div(a, aAt, b, bAt, z, zAt, n);
    }
}
