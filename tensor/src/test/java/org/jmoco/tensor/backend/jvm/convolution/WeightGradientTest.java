package org.jmoco.tensor.backend.jvm.convolution;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.backend.jvm.Floats;
import org.jmoco.tensor.backend.jvm.runtime.Workers;
import org.jmoco.tensor.ops.conv.ConvShape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightGradientTest {
    /// Output gradients are read where they lie if their channels fill the panels, and packed otherwise: the bits
    /// are the same.
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void packedAndInPlaceAreTheSame(int kernel) {
        int wide = 128;
        int narrow = 100;
        ConvShape s = shape(kernel, wide);
        float[] gradients = Floats.normal(1, s.n() * s.oh() * s.ow() * wide);
        float[] x = Floats.normal(2, s.n() * s.h() * s.w() * s.in());
        float[] inPlace = weightGradient(s, x, gradients);
        float[] packed = weightGradient(shape(kernel, narrow), x, firstColumns(gradients, wide, narrow));
        assertArrayEquals(firstColumns(inPlace, wide, narrow), packed);
    }

    private static ConvShape shape(int kernel, int out) {
        return new ConvShape(3, 9, 8, 20, kernel, kernel, out, 2, 2, kernel / 2, kernel / 2, 1, 1, 1);
    }

    private static float[] weightGradient(ConvShape s, float[] x, float... dy) {
        MemorySegment dw = Arena.ofAuto().allocate((long) s.kh() * s.kw() * s.in() * s.out() * Float.BYTES, 64);
        try (Workers workers = new Workers(2)) {
            new Convolution().weightGradient(workers, s, offHeap(x), offHeap(dy), dw);
        }
        return dw.toArray(JAVA_FLOAT);
    }

    private static MemorySegment offHeap(float... values) {
        MemorySegment memory = Arena.ofAuto().allocate((long) values.length * Float.BYTES, 64);
        MemorySegment.copy(values, 0, memory, JAVA_FLOAT, 0, values.length);
        return memory;
    }

    /// The first `narrow` of every `wide` values.
    private static float[] firstColumns(float[] values, int wide, int narrow) {
        float[] columns = new float[values.length / wide * narrow];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = values[i / narrow * wide + i % narrow];
        }
        return columns;
    }
}
