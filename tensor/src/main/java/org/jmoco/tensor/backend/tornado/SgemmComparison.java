package org.jmoco.tensor.backend.tornado;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.random.Philox;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// The product of two square matrices by the tiled kernel that programs use and by a plain one, on one device:
/// what register tiles are worth.
///
/// Both kernels are made for GPUs: 256 threads a work-group that bring parts of both operands into local memory.
public final class SgemmComparison implements AutoCloseable {
    private static final String PLAIN = "comparison.perTile16";
    private static final String NARROW = "matmul.perElement";

    private final Launcher launcher;
    private final int n;
    private final int a;
    private final int b;
    private final int plain;
    private final int ours;
    private final int empty;
    private final List<Launch> ourLaunches;

    /// Times of launches, each with the wait for its end, in nanoseconds.
    ///
    /// @param difference ‖ours − plain‖₂ / ‖plain‖₂
    public record Times(List<Long> plain, List<Long> ours, List<Long> empty, double difference) {}

    /// @param driver TornadoVM's number of the driver
    /// @param index the device's number
    /// @param n rows and columns, a multiple of 16
    public SgemmComparison(int driver, int index, int n) {
        if (n % 16 != 0) {
            throw new IllegalArgumentException("the plain kernel takes sizes that are multiples of 16, got " + n);
        }
        this.n = n;
        MemoryMap map = new MemoryMap();
        map.take(Constants.CAPACITY);
        a = map.take((long) n * n);
        b = map.take((long) n * n);
        plain = map.take((long) n * n);
        ours = map.take((long) n * n);
        empty = map.take(1);
        int scratch = map.take(Sgemm.scratch(n, n, n));
        launcher = new Launcher(TornadoDevices.get(driver, index));
        launcher.reserve(map.end(), 1);
        for (int operand : new int[] {a, b}) {
            Philox draws = new Philox(operand, 0, 0, 0);
            float[] values = new float[n * n];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) draws.nextNormal();
            }
            launcher.staging().upload(values, operand);
        }
        Launches gpu = new Launches(launcher);
        Sgemm.product(gpu, Arenas.NEAR, a, n, 1, b, n, 1, ours, n, n, n, -1, scratch);
        ourLaunches = List.copyOf(gpu.list());
        if (ourLaunches.getFirst().name().equals(NARROW)) {
            throw new IllegalArgumentException(
                    "programs compute a product of this size by " + NARROW + "; take at least 32");
        }
    }

    /// Launches both kernels in turn.
    public Times run(int times) {
        Launch plainLaunch = new Launch(
                PLAIN, SgemmComparison::perTile16, new Grid(n / 16, n / 16, 1, 16, 16), new int[] {a, b, plain, n});
        Launch emptyLaunch =
                new Launch("moves.flatFloats", Moves::flatFloats, Grid.threads(1), new int[] {empty, empty, 1});
        List<Long> plainNanos = new ArrayList<>();
        List<Long> ourNanos = new ArrayList<>();
        List<Long> emptyNanos = new ArrayList<>();
        List.of(plainLaunch, emptyLaunch).forEach(launcher::run); // compiles
        ourLaunches.forEach(launcher::run);
        for (int i = 0; i < times; i++) {
            plainNanos.add(time(List.of(plainLaunch)));
            ourNanos.add(time(ourLaunches));
            emptyNanos.add(time(List.of(emptyLaunch)));
        }
        return new Times(plainNanos, ourNanos, emptyNanos, difference());
    }

    private long time(List<Launch> launches) {
        long start = System.nanoTime();
        launches.forEach(launcher::run);
        return System.nanoTime() - start;
    }

    private double difference() {
        float[] expected = download(plain);
        float[] got = download(ours);
        double error = 0;
        double norm = 0;
        for (int i = 0; i < got.length; i++) {
            error += Math.pow((double) got[i] - expected[i], 2);
            norm += Math.pow(expected[i], 2);
        }
        return Math.sqrt(error / norm);
    }

    private float[] download(int offset) {
        MemorySegment host = Arena.ofAuto().allocate((long) n * n * Float.BYTES, Float.BYTES);
        launcher.staging().download(DType.F32, offset, host);
        return host.toArray(ValueLayout.JAVA_FLOAT);
    }

    /// One thread an element of a tile of 16 × 16. The argument block: a, b, y, n.
    static void perTile16(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        float[] left = c.allocateFloatLocalArray(256);
        float[] right = c.allocateFloatLocalArray(256);
        int n = arg.get(3);
        int x = c.localIdx;
        int y = c.localIdy;
        int column = c.globalIdx;
        int row = c.globalIdy;
        float sum = 0f;
        for (int k0 = 0; k0 < n; k0 += 16) {
            left[y * 16 + x] = mem.get(arg.get(0) + row * n + k0 + x);
            right[y * 16 + x] = mem.get(arg.get(1) + (k0 + y) * n + column);
            c.localBarrier();
            for (int k = 0; k < 16; k++) {
                sum += left[y * 16 + k] * right[k * 16 + x];
            }
            c.localBarrier();
        }
        mem.set(arg.get(2) + row * n + column, sum);
    }

    @Override
    public void close() {
        launcher.close();
    }
}
