package org.jmoco.tensor.ops.elementwise;

import java.lang.foreign.MemorySegment;

final class MaximumJvm extends BinaryJvm<Maximum> {
    @Override
    void rows(MemorySegment a, long aAt, MemorySegment b, long bAt, MemorySegment z, long zAt, int n) {
        lanes.max(a, aAt, b, bAt, z, zAt, n);
    }
}
