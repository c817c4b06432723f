package org.jmoco.tensor.ops.elementwise;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.backend.OpExample;

final class LogJvm extends UnaryJvm<Log> {
    @Override
    void row(Log op, MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        lanes.log(x, xAt, y, yAt, n);
    }

    @Override
    public OpExample example() {
        return OpExample.of(new Log()).floats(4, 56, 56, 64);
    }
}
