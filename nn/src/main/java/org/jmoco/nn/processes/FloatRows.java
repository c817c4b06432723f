package org.jmoco.nn.processes;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Adds rows of floats, as ordinary Java. Every element has the same bits on the Vector API, see [VectorFloatRows].
class FloatRows {
    /// The fastest this JVM offers: no class that mentions the Vector API is loaded where its module is missing.
    static final FloatRows BEST =
            ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent() ? new VectorFloatRows() : new FloatRows();

    FloatRows() {}

    /// y[i] += x[i]; a row begins at its memory's float `At`.
    void add(MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        for (int i = 0; i < n; i++) {
            y.setAtIndex(
                    ValueLayout.JAVA_FLOAT,
                    yAt + i,
                    y.getAtIndex(ValueLayout.JAVA_FLOAT, yAt + i) + x.getAtIndex(ValueLayout.JAVA_FLOAT, xAt + i));
        }
    }
}
