package org.jmoco.tensor.backend.jvm.runtime;

import static org.jmoco.tensor.backend.jvm.Floats.AT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jmoco.tensor.backend.jvm.Floats;
import org.jmoco.tensor.backend.jvm.convolution.Convolution;
import org.jmoco.tensor.backend.jvm.products.Gemm;
import org.jmoco.tensor.backend.jvm.products.Matrix;
import org.jmoco.tensor.ops.conv.ConvShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Blocks of any size give the same bits; where a choice is kept.
class BlockingTest {
    private static final Blocking NORMAL = Blocking.ofCache(1 << 20);

    private static float[] product(Workers workers) {
        int m = 401;
        int n = 203;
        int k = 600;
        MemorySegment c = Floats.of(new float[m * n]);
        new Gemm()
                .multiply(
                        workers,
                        m,
                        n,
                        k,
                        Matrix.of(Floats.of(Floats.normal(1, m * k)), AT, k),
                        Matrix.of(Floats.of(Floats.normal(2, k * n)), AT, n),
                        Gemm.Output.to(c, AT, n));
        return Floats.values(c, m * n);
    }

    /// Forward and input gradient of 3×3 convolutions of both strides: by windows and by Winograd's tiles.
    private static List<float[]> convolutions(Workers workers) {
        List<float[]> results = new ArrayList<>();
        for (int stride = 1; stride <= 2; stride++) {
            ConvShape s = new ConvShape(3, 30, 30, 64, 3, 3, 96, stride, stride, 1, 1, 1, 1, 1);
            int positions = s.n() * s.oh() * s.ow();
            MemorySegment x = plain(Floats.normal(3, s.n() * 900 * s.in()));
            MemorySegment weights = plain(Floats.normal(4, 9 * s.in() * s.out()));
            MemorySegment y = plain(new float[positions * s.out()]);
            MemorySegment dx = plain(new float[s.n() * 900 * s.in()]);
            new Convolution().forward(workers, s, x, weights, null, y);
            new Convolution().inputGradient(workers, s, y, weights, dx);
            results.add(floats(y));
            results.add(floats(dx));
        }
        return results;
    }

    private static MemorySegment plain(float... values) {
        return Arena.ofAuto().allocateFrom(ValueLayout.JAVA_FLOAT, values);
    }

    private static float[] floats(MemorySegment s) {
        return s.toArray(ValueLayout.JAVA_FLOAT);
    }

    @Test
    void anyBlockingGivesTheSameBits() {
        List<Blocking> blockings = List.of(
                Blocking.ofCache(1),
                Blocking.ofCache(Long.MAX_VALUE),
                new Blocking(24, 1, 1),
                new Blocking(240, 1 << 22, 1 << 22));
        float[] product;
        List<float[]> convolutions;
        try (Workers workers = new Workers(2, NORMAL)) {
            product = product(workers);
            convolutions = convolutions(workers);
        }
        for (Blocking b : blockings) {
            try (Workers workers = new Workers(2, b)) {
                assertArrayEquals(product, product(workers), b.toString());
                List<float[]> others = convolutions(workers);
                for (int i = 0; i < convolutions.size(); i++) {
                    assertArrayEquals(convolutions.get(i), others.get(i), b + ", result " + i);
                }
            }
        }
    }

    @Test
    void aCacheOfOneMebibyteTakesWhatWasMeasured() {
        assertEquals(new Blocking(168, 65_536, 98_304), NORMAL);
        assertThrows(IllegalArgumentException.class, () -> new Blocking(25, 1, 1));
    }

    @Test
    void aChoiceIsKeptForItsMachineAlone(@TempDir Path folder) throws IOException {
        TunedBlocking kept = new TunedBlocking(folder, "one machine");
        assertEquals(Optional.empty(), kept.read());
        Blocking chosen = new Blocking(72, 5, 7);
        kept.write(chosen);
        assertEquals(Optional.of(chosen), kept.read());
        Files.copy(kept.file(), new TunedBlocking(folder, "another").file());
        assertEquals(Optional.empty(), new TunedBlocking(folder, "another").read());
        Files.writeString(kept.file(), Files.readString(kept.file()).replace("rows=72", "rows=-1"));
        assertEquals(Optional.empty(), kept.read(), "what makes no sense is as good as nothing");
    }

    @Test
    void linuxTellsTheCache(@TempDir Path root) throws IOException {
        Path cache = Files.createDirectories(root.resolve("sys/devices/system/cpu/cpu0/cache/index2"));
        Files.writeString(cache.resolve("level"), "2\n");
        Files.writeString(cache.resolve("size"), "512K\n");
        Files.createDirectories(root.resolve("proc"));
        Files.writeString(
                root.resolve("proc/cpuinfo"),
                "processor\t: 0\nmodel\t\t: 17\nmodel name\t: A processor\n\nprocessor\t: 1\nmodel name\t: "
                        + "A processor\n");
        assertEquals(new Processor("17 A processor", 512 << 10), Processor.of(root));
        assertEquals(1 << 20, Processor.of(root.resolve("nothing")).secondLevelCache());
    }
}
