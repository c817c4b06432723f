package org.jmoco.tensor.ops.elementwise;

import java.lang.foreign.MemorySegment;

final class LogJvm extends UnaryJvm<Log> {
    @Override
    void row(Log op, MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        lanes.log(x, xAt, y, yAt, n);
    }
}
