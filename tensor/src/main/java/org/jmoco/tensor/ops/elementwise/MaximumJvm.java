package org.jmoco.tensor.ops.elementwise;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.backend.OpExample;

final class MaximumJvm extends BinaryJvm<Maximum> {
    @Override
    void rows(MemorySegment a, long aAt, MemorySegment b, long bAt, MemorySegment z, long zAt, int n) {
        lanes.max(a, aAt, b, bAt, z, zAt, n);
    }

    @Override
    public OpExample example() {
        return OpExample.of(new Maximum()).floats(4, 56, 56, 64).floats(4, 56, 56, 64);
    }
}
