package org.jmoco.tensor.backend.jvm.lanes;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/// One float at an element offset, as the kernels without the Vector API read and write it.
public final class Element {
    private Element() {}

    public static float get(MemorySegment x, long index) {
        return x.getAtIndex(JAVA_FLOAT, index);
    }

    public static void set(MemorySegment x, long index, float value) {
        x.setAtIndex(JAVA_FLOAT, index, value);
    }
}
