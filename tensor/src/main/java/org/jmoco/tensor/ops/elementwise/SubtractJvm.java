package org.jmoco.tensor.ops.elementwise;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.backend.OpExample;

final class SubtractJvm extends BinaryJvm<Subtract> {
    @Override
    void rows(MemorySegment a, long aAt, MemorySegment b, long bAt, MemorySegment z, long zAt, int n) {
        lanes.sub(a, aAt, b, bAt, z, zAt, n);
    }

    @Override
    public OpExample example() {
        return OpExample.of(new Subtract()).floats(4, 56, 56, 64).floats(4, 56, 56, 64);
    }
}
