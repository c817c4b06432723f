package org.jmoco.tensor.ops.elementwise;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.backend.OpExample;

final class RoundBf16Jvm extends UnaryJvm<RoundBf16> {
    @Override
    void row(RoundBf16 op, MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        lanes.roundBf16(x, xAt, y, yAt, n);
    }

    @Override
    public OpExample example() {
        return OpExample.of(new RoundBf16()).floats(4, 56, 56, 64);
    }
}
