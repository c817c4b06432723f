package org.jmoco.tensor.ops.elementwise;

import java.lang.foreign.MemorySegment;

final class AddJvm extends BinaryJvm<Add> {
    @Override
    void rows(MemorySegment a, long aAt, MemorySegment b, long bAt, MemorySegment z, long zAt, int n) {
        lanes.add(a, aAt, b, bAt, z, zAt, n);
    }
}
