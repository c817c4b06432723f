package org.jmoco.tensor.backend.jvm;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;

/// Off-heap float rows for tests. Every row starts at an odd element offset and ends with a guard that must stay.
public final class Floats {
    public static final int AT = 3;
    private static final float GUARD = -12345.5f;

    private Floats() {}

    public static MemorySegment of(float... values) {
        MemorySegment s = Arena.ofAuto().allocate((values.length + AT + 2) * 4L, 64);
        s.asSlice(0, s.byteSize()).fill((byte) 0);
        MemorySegment.copy(values, 0, s, JAVA_FLOAT, AT * 4L, values.length);
        s.setAtIndex(JAVA_FLOAT, AT - 1, GUARD);
        s.setAtIndex(JAVA_FLOAT, AT + values.length, GUARD);
        return s;
    }

    public static MemorySegment zeros(int n) {
        return of(new float[n]);
    }

    /// Standard normal values, the same for the same seed.
    public static float[] normal(long seed, int n) {
        Random random = new Random(seed);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    public static float[] values(MemorySegment s, int n) {
        if (s.getAtIndex(JAVA_FLOAT, AT - 1) != GUARD || s.getAtIndex(JAVA_FLOAT, AT + n) != GUARD) {
            throw new AssertionError("written outside the row");
        }
        return s.asSlice(AT * 4L, n * 4L).toArray(JAVA_FLOAT);
    }
}
