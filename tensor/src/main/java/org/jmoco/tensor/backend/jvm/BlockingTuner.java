package org.jmoco.tensor.backend.jvm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jmoco.tensor.backend.jvm.convolution.Convolution;
import org.jmoco.tensor.backend.jvm.products.Gemm;
import org.jmoco.tensor.backend.jvm.products.Matrix;
import org.jmoco.tensor.backend.jvm.runtime.Blocking;
import org.jmoco.tensor.backend.jvm.runtime.Processor;
import org.jmoco.tensor.backend.jvm.runtime.Workers;
import org.jmoco.tensor.ops.conv.ConvShape;

/// Measures whether another [Blocking] than the cache's size suggests is faster on this machine. All of them give
/// the same bits, so nothing but time hangs on the choice.
public final class BlockingTuner {
    /// What replaces the choice by size must take less than this part of its time, else noise would decide.
    private static final double GAIN = 0.97;

    private static final int ROUNDS = 15;
    private static final long WARM_UP_NANOS = 1_500_000_000L;

    /// What one number of a blocking was tried with.
    ///
    /// @param what   the kernel
    /// @param tried  values of the number, the one by cache size first
    /// @param millis least time of the kernel with each
    /// @param chosen the value to use
    public record Trial(String what, List<Integer> tried, List<Double> millis, int chosen) {}

    /// @param chosen the fastest of each number
    public record Result(Blocking chosen, List<Trial> trials) {}

    /// The least time of a kernel with each of some blockings, in milliseconds.
    @FunctionalInterface
    interface Measure {
        List<Double> millis(List<Blocking> candidates);
    }

    @FunctionalInterface
    private interface Changed {
        Blocking with(Blocking b, int value);
    }

    /// A kernel on fixed operands.
    @FunctionalInterface
    private interface Kernel {
        void run(Workers workers);
    }

    private final Measure product;
    private final Measure windowed;
    private final Measure tiled;
    private final List<Trial> trials = new ArrayList<>();

    BlockingTuner(Measure product, Measure windowed, Measure tiled) {
        this.product = product;
        this.windowed = windowed;
        this.tiled = tiled;
    }

    /// Measures on `threads` threads, for a quarter of a minute.
    public static Result tune(int threads) {
        try (Arena arena = Arena.ofShared()) {
            return new BlockingTuner(
                            blockings -> millis(threads, blockings, product(arena)),
                            blockings -> millis(threads, blockings, convolution(arena, 128, 28, 2)),
                            blockings -> millis(threads, blockings, convolution(arena, 128, 28, 1)))
                    .tune(Blocking.ofCache(Processor.ofThisMachine().secondLevelCache()));
        }
    }

    /// Halves and doubles each number in turn.
    Result tune(Blocking start) {
        Blocking b = choose(
                "matrix product, rows",
                start,
                Blocking::rows,
                (x, n) -> new Blocking(Math.max(1, n / Blocking.STEP) * Blocking.STEP, x.windows(), x.tiles()),
                product);
        b = choose(
                "convolution by windows, floats",
                b,
                Blocking::windows,
                (x, n) -> new Blocking(x.rows(), n, x.tiles()),
                windowed);
        b = choose(
                "convolution by Winograd, floats",
                b,
                Blocking::tiles,
                (x, n) -> new Blocking(x.rows(), x.windows(), n),
                tiled);
        return new Result(b, List.copyOf(trials));
    }

    private Blocking choose(String what, Blocking b, ToIntFunction<Blocking> value, Changed changed, Measure measure) {
        int standard = value.applyAsInt(b);
        List<Blocking> candidates = List.of(b, changed.with(b, standard / 2), changed.with(b, 2 * standard));
        List<Double> millis = measure.millis(candidates);
        int best = 0;
        for (int i = 1; i < millis.size(); i++) {
            if (millis.get(i) < Math.min(millis.get(best), GAIN * millis.getFirst())) {
                best = i;
            }
        }
        Blocking chosen = candidates.get(best);
        trials.add(new Trial(
                what,
                candidates.stream().map(value::applyAsInt).toList(),
                List.copyOf(millis),
                value.applyAsInt(chosen)));
        return chosen;
    }

    private static Kernel product(Arena arena) {
        int n = 1024;
        MemorySegment a = ones(arena, n * n);
        MemorySegment b = ones(arena, n * n);
        MemorySegment c = ones(arena, n * n);
        Gemm gemm = new Gemm();
        return workers ->
                gemm.multiply(workers, n, n, n, Matrix.of(a, 0, n), Matrix.of(b, 0, n), Gemm.Output.to(c, 0, n));
    }

    /// A 3×3 convolution of 8 images, from and to `channels` channels.
    private static Kernel convolution(Arena arena, int channels, int side, int stride) {
        int n = 8;
        ConvShape s = new ConvShape(n, side, side, channels, 3, 3, channels, stride, stride, 1, 1, 1, 1, 1);
        MemorySegment x = ones(arena, n * side * side * channels);
        MemorySegment weights = ones(arena, 9 * channels * channels);
        MemorySegment y = ones(arena, n * side * side * channels);
        Convolution convolution = new Convolution();
        return workers -> convolution.forward(workers, s, x, weights, null, y);
    }

    private static MemorySegment ones(Arena arena, int n) {
        MemorySegment s = arena.allocate(4L * n, 64);
        for (int i = 0; i < n; i++) {
            s.setAtIndex(ValueLayout.JAVA_FLOAT, i, 1);
        }
        return s;
    }

    /// In turns, so that what disturbs the machine disturbs all.
    private static List<Double> millis(int threads, List<Blocking> blockings, Kernel kernel) {
        Workers[] pools = blockings.stream().map(b -> new Workers(threads, b)).toArray(Workers[]::new);
        try {
            long end = System.nanoTime() + WARM_UP_NANOS;
            while (System.nanoTime() < end) {
                for (Workers pool : pools) {
                    kernel.run(pool);
                }
            }
            double[] least = new double[pools.length];
            Arrays.fill(least, Double.POSITIVE_INFINITY);
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < pools.length; i++) {
                    long start = System.nanoTime();
                    kernel.run(pools[i]);
                    least[i] = Math.min(least[i], (System.nanoTime() - start) / 1e6);
                }
            }
            return Arrays.stream(least).boxed().toList();
        } finally {
            for (Workers pool : pools) {
                pool.close();
            }
        }
    }
}
