package org.jmoco.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.MemorySegment;
import java.util.stream.Stream;
import org.jmoco.nn.weights.Checkpoint;
import org.jmoco.nn.weights.Weights;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.FormatException;
import org.junit.jupiter.params.provider.MethodSource;

/// Both containers of `torch.save`, the zip file and the row of pickles, and what becomes of them as weights.
class PthFuzz {
    /// Views of one storage may be copied up to 64 MiB; those copies lie outside the heap.
    private static final Bounds BOUNDS = new Bounds(FormatException.class, 1 << 20, 512);

    static Stream<byte[]> seeds() {
        return Seeds.files(
                "nn/src/test/resources/org/jmoco/nn/weights",
                "dtypes-zip.pth.gz",
                "dtypes-legacy.pth.gz",
                "expanded.pth.gz",
                "module.pth.gz",
                "tensor.pth.gz");
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "20s")
    void pth(byte[] file) {
        BOUNDS.hold(file, bytes -> {
            Checkpoint read = Checkpoint.parse("x.pth", MemorySegment.ofArray(bytes));
            read.arrays().values().forEach(ArrayData::toF32);
            Weights.of(read);
        });
    }
}
