package org.jmoco.tensor.ops.elementwise;

import java.lang.foreign.MemorySegment;

final class ReluGradientJvm extends BinaryJvm<ReluGradient> {
    @Override
    void rows(MemorySegment a, long aAt, MemorySegment b, long bAt, MemorySegment z, long zAt, int n) {
        lanes.reluGradient(a, aAt, b, bAt, z, zAt, n);
    }
}
