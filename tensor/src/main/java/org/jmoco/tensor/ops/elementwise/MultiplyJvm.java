package org.jmoco.tensor.ops.elementwise;

import java.lang.foreign.MemorySegment;

final class MultiplyJvm extends BinaryJvm<Multiply> {
    @Override
    void rows(MemorySegment a, long aAt, MemorySegment b, long bAt, MemorySegment z, long zAt, int n) {
        lanes.mul(a, aAt, b, bAt, z, zAt, n);
    }
}
