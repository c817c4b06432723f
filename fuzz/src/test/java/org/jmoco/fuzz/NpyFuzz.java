package org.jmoco.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.MemorySegment;
import java.util.stream.Stream;
import org.jmoco.tensor.io.FormatException;
import org.jmoco.tensor.io.Npy;
import org.junit.jupiter.params.provider.MethodSource;

class NpyFuzz {
    private static final Bounds BOUNDS = new Bounds(FormatException.class, 1 << 20, 64);

    static Stream<byte[]> seeds() {
        return Seeds.all("tensor/src/test/resources/org/jmoco/tensor/io", ".npy");
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "20s")
    void npy(byte[] file) {
        BOUNDS.hold(
                file, bytes -> Npy.parse("x.npy", MemorySegment.ofArray(bytes)).toDoubleArray());
    }
}
