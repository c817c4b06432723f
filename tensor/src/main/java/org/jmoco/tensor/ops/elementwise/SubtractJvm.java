package org.jmoco.tensor.ops.elementwise;

import java.lang.foreign.MemorySegment;

final class SubtractJvm extends BinaryJvm<Subtract> {
    @Override
    void rows(MemorySegment a, long aAt, MemorySegment b, long bAt, MemorySegment z, long zAt, int n) {
        lanes.sub(a, aAt, b, bAt, z, zAt, n);
    }
}
