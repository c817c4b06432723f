package org.jmoco.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.MemorySegment;
import java.util.stream.Stream;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.FormatException;
import org.jmoco.tensor.io.SafeTensors;
import org.junit.jupiter.params.provider.MethodSource;

class SafeTensorsFuzz {
    private static final Bounds BOUNDS = new Bounds(FormatException.class, 1 << 20, 256);

    static Stream<byte[]> seeds() {
        return Seeds.files("tensor/src/test/resources/org/jmoco/tensor/io", "all-types.safetensors");
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "20s")
    void safetensors(byte[] file) {
        BOUNDS.hold(
                file,
                bytes -> SafeTensors.parse("x.safetensors", MemorySegment.ofArray(bytes))
                        .arrays()
                        .values()
                        .forEach(ArrayData::toDoubleArray));
    }
}
