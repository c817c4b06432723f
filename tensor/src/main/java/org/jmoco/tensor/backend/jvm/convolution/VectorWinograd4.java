package org.jmoco.tensor.backend.jvm.convolution;

import static org.jmoco.tensor.backend.jvm.runtime.Vectors.SPECIES;
import static org.jmoco.tensor.backend.jvm.runtime.Vectors.WIDTH;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import org.jmoco.tensor.backend.jvm.runtime.OffHeap;
import org.jmoco.tensor.backend.jvm.runtime.Scratch;

/// The [WinogradTile] F(4×4, 3×3), a vector of channels at a time.
///
/// A tile is transformed along its columns into a scratch tile, and from there along its rows: its 36 values do
/// not fit the registers. The loads are not behind a helper method, which the compiler no longer inlines once a
/// transform has grown large.
final class VectorWinograd4 extends PlainWinogradTile {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    /// Distance between two rows of the scratch tile.
    private static final int ROW = 6 * WIDTH;

    VectorWinograd4() {
        super(BT_4, G_4, AT_4);
    }

    private static MemorySegment scratch() {
        return Scratch.floats(Scratch.Slot.TILE, 36L * WIDTH);
    }

    @Override
    int vectorChannels(int channels) {
        return channels / WIDTH * WIDTH;
    }

    @Override
    void pixels(MemorySegment d, long dAt, long line, long pixel, int channels, MemorySegment v, long vAt, long step) {
        MemorySegment t = scratch();
        for (int c = 0; c <= channels - WIDTH; c += WIDTH) {
            for (int j = 0; j < 6; j++) {
                pixels(d, dAt + c + j * pixel, line, t, (long) j * WIDTH, ROW);
            }
            for (int i = 0; i < 6; i++) {
                pixels(t, (long) i * ROW, WIDTH, v, vAt + c + 6 * i * step, step);
            }
        }
        if (channels % WIDTH != 0) {
            super.pixels(d, dAt, line, pixel, channels, v, vAt, step);
        }
    }

    /// `Bᵀ d` of six vectors, from one place to another.
    private static void pixels(MemorySegment pixels, long from, long by, MemorySegment tiles, long to, long vBy) {
        MemorySegment d = OffHeap.of(pixels);
        MemorySegment v = OffHeap.of(tiles);
        FloatVector near = FloatVector.broadcast(SPECIES, NEAR);
        FloatVector far = FloatVector.broadcast(SPECIES, FAR);
        FloatVector minusNear2 = FloatVector.broadcast(SPECIES, -NEAR_2);
        FloatVector minusFar2 = FloatVector.broadcast(SPECIES, -FAR_2);
        FloatVector product = FloatVector.broadcast(SPECIES, PRODUCT);
        FloatVector minusSum = FloatVector.broadcast(SPECIES, -SUM);
        FloatVector d0 = FloatVector.fromMemorySegment(SPECIES, d, from * 4, ORDER);
        FloatVector d1 = FloatVector.fromMemorySegment(SPECIES, d, (from + by) * 4, ORDER);
        FloatVector d2 = FloatVector.fromMemorySegment(SPECIES, d, (from + 2 * by) * 4, ORDER);
        FloatVector d3 = FloatVector.fromMemorySegment(SPECIES, d, (from + 3 * by) * 4, ORDER);
        FloatVector d4 = FloatVector.fromMemorySegment(SPECIES, d, (from + 4 * by) * 4, ORDER);
        FloatVector d5 = FloatVector.fromMemorySegment(SPECIES, d, (from + 5 * by) * 4, ORDER);
        FloatVector even = d2.fma(minusFar2, d4);
        FloatVector odd = d1.fma(minusFar2, d3);
        FloatVector farEven = d2.fma(minusNear2, d4);
        FloatVector farOdd = d1.fma(minusNear2, d3);
        d0.fma(product, d2.fma(minusSum, d4)).intoMemorySegment(v, to * 4, ORDER);
        odd.fma(near, even).intoMemorySegment(v, (to + vBy) * 4, ORDER);
        odd.fma(near.neg(), even).intoMemorySegment(v, (to + 2 * vBy) * 4, ORDER);
        farOdd.fma(far, farEven).intoMemorySegment(v, (to + 3 * vBy) * 4, ORDER);
        farOdd.fma(far.neg(), farEven).intoMemorySegment(v, (to + 4 * vBy) * 4, ORDER);
        d1.fma(product, d3.fma(minusSum, d5)).intoMemorySegment(v, (to + 5 * vBy) * 4, ORDER);
    }

    @Override
    void kernel(MemorySegment g, long gAt, long tap, int channels, MemorySegment u, long uAt, long step) {
        MemorySegment t = scratch();
        for (int c = 0; c <= channels - WIDTH; c += WIDTH) {
            for (int j = 0; j < 3; j++) {
                kernel(g, gAt + c + j * tap, 3 * tap, t, (long) j * WIDTH, ROW);
            }
            for (int i = 0; i < 6; i++) {
                kernel(t, (long) i * ROW, WIDTH, u, uAt + c + 6 * i * step, step);
            }
        }
        if (channels % WIDTH != 0) {
            super.kernel(g, gAt, tap, channels, u, uAt, step);
        }
    }

    /// `G g` of three vectors.
    private static void kernel(MemorySegment kernels, long from, long by, MemorySegment points, long to, long uBy) {
        MemorySegment g = OffHeap.of(kernels);
        MemorySegment u = OffHeap.of(points);
        FloatVector g0 = FloatVector.fromMemorySegment(SPECIES, g, from * 4, ORDER);
        FloatVector g1 = FloatVector.fromMemorySegment(SPECIES, g, (from + by) * 4, ORDER);
        FloatVector g2 = FloatVector.fromMemorySegment(SPECIES, g, (from + 2 * by) * 4, ORDER);
        FloatVector near = g2.fma(FloatVector.broadcast(SPECIES, NEAR_2), g0).mul(1 / NEAR_DISTANCES);
        FloatVector nearMiddle = g1.mul(NEAR / NEAR_DISTANCES);
        FloatVector far = g2.fma(FloatVector.broadcast(SPECIES, FAR_2), g0).mul(1 / FAR_DISTANCES);
        FloatVector farMiddle = g1.mul(FAR / FAR_DISTANCES);
        g0.mul(1 / PRODUCT).intoMemorySegment(u, to * 4, ORDER);
        near.add(nearMiddle).intoMemorySegment(u, (to + uBy) * 4, ORDER);
        near.sub(nearMiddle).intoMemorySegment(u, (to + 2 * uBy) * 4, ORDER);
        far.add(farMiddle).intoMemorySegment(u, (to + 3 * uBy) * 4, ORDER);
        far.sub(farMiddle).intoMemorySegment(u, (to + 4 * uBy) * 4, ORDER);
        g2.intoMemorySegment(u, (to + 5 * uBy) * 4, ORDER);
    }

    @Override
    void results(
            MemorySegment m,
            long mAt,
            long step,
            int channels,
            MemorySegment y,
            long yAt,
            long line,
            long pixel,
            int rows,
            int columns) {
        MemorySegment t = scratch();
        for (int c = 0; c <= channels - WIDTH; c += WIDTH) {
            for (int j = 0; j < 6; j++) {
                results(m, mAt + c + j * step, 6 * step, t, (long) j * WIDTH, ROW, 4);
            }
            for (int i = 0; i < rows; i++) {
                results(t, (long) i * ROW, WIDTH, y, yAt + c + i * line, pixel, columns);
            }
        }
        if (channels % WIDTH != 0) {
            super.results(m, mAt, step, channels, y, yAt, line, pixel, rows, columns);
        }
    }

    /// The first `count` of `Aᵀ m` of six vectors.
    private static void results(
            MemorySegment products, long from, long by, MemorySegment results, long to, long yBy, int count) {
        MemorySegment m = OffHeap.of(products);
        MemorySegment y = OffHeap.of(results);
        FloatVector m0 = FloatVector.fromMemorySegment(SPECIES, m, from * 4, ORDER);
        FloatVector m1 = FloatVector.fromMemorySegment(SPECIES, m, (from + by) * 4, ORDER);
        FloatVector m2 = FloatVector.fromMemorySegment(SPECIES, m, (from + 2 * by) * 4, ORDER);
        FloatVector m3 = FloatVector.fromMemorySegment(SPECIES, m, (from + 3 * by) * 4, ORDER);
        FloatVector m4 = FloatVector.fromMemorySegment(SPECIES, m, (from + 4 * by) * 4, ORDER);
        FloatVector m5 = FloatVector.fromMemorySegment(SPECIES, m, (from + 5 * by) * 4, ORDER);
        FloatVector near = m1.add(m2);
        FloatVector nearOdd = m1.sub(m2);
        FloatVector far = m3.add(m4);
        FloatVector farOdd = m3.sub(m4);
        m0.add(near).add(far).intoMemorySegment(y, to * 4, ORDER);
        if (count > 1) {
            farOdd.fma(FloatVector.broadcast(SPECIES, FAR), nearOdd.mul(NEAR))
                    .intoMemorySegment(y, (to + yBy) * 4, ORDER);
        }
        if (count > 2) {
            far.fma(FloatVector.broadcast(SPECIES, FAR_2), near.mul(NEAR_2))
                    .intoMemorySegment(y, (to + 2 * yBy) * 4, ORDER);
        }
        if (count > 3) {
            farOdd.fma(
                            FloatVector.broadcast(SPECIES, FAR * FAR_2),
                            nearOdd.fma(FloatVector.broadcast(SPECIES, NEAR * NEAR_2), m5))
                    .intoMemorySegment(y, (to + 3 * yBy) * 4, ORDER);
        }
    }

    @Override
    void resultGradients(
            MemorySegment dy,
            long dyAt,
            long line,
            long pixel,
            int rows,
            int columns,
            int channels,
            MemorySegment e,
            long eAt,
            long step) {
        MemorySegment t = scratch();
        FloatVector zero = FloatVector.zero(SPECIES);
        for (int c = 0; c <= channels - WIDTH; c += WIDTH) {
            if (rows < 4 || columns < 4) {
                for (int i = 0; i < 4 * 4; i++) {
                    zero.intoMemorySegment(t, ((long) (i / 4) * ROW + i % 4 * WIDTH) * 4, ORDER);
                }
            }
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < columns; j++) {
                    FloatVector.fromMemorySegment(SPECIES, dy, (dyAt + c + i * line + j * pixel) * 4, ORDER)
                            .intoMemorySegment(t, ((long) i * ROW + j * WIDTH) * 4, ORDER);
                }
            }
            for (int j = 0; j < 4; j++) {
                resultGradients(t, (long) j * WIDTH, ROW, t, (long) j * WIDTH, ROW);
            }
            for (int i = 0; i < 6; i++) {
                resultGradients(t, (long) i * ROW, WIDTH, e, eAt + c + 6 * i * step, step);
            }
        }
        if (channels % WIDTH != 0) {
            super.resultGradients(dy, dyAt, line, pixel, rows, columns, channels, e, eAt, step);
        }
    }

    /// `A y` of four vectors.
    private static void resultGradients(
            MemorySegment gradients, long from, long by, MemorySegment points, long to, long eBy) {
        MemorySegment y = OffHeap.of(gradients);
        MemorySegment e = OffHeap.of(points);
        FloatVector y0 = FloatVector.fromMemorySegment(SPECIES, y, from * 4, ORDER);
        FloatVector y1 = FloatVector.fromMemorySegment(SPECIES, y, (from + by) * 4, ORDER);
        FloatVector y2 = FloatVector.fromMemorySegment(SPECIES, y, (from + 2 * by) * 4, ORDER);
        FloatVector y3 = FloatVector.fromMemorySegment(SPECIES, y, (from + 3 * by) * 4, ORDER);
        FloatVector near = FloatVector.broadcast(SPECIES, NEAR);
        FloatVector near2 = FloatVector.broadcast(SPECIES, NEAR_2);
        FloatVector far = FloatVector.broadcast(SPECIES, FAR);
        FloatVector far2 = FloatVector.broadcast(SPECIES, FAR_2);
        FloatVector even = y2.fma(near2, y0);
        FloatVector odd = y3.fma(near2, y1);
        FloatVector farEven = y2.fma(far2, y0);
        FloatVector farOdd = y3.fma(far2, y1);
        y0.intoMemorySegment(e, to * 4, ORDER);
        odd.fma(near, even).intoMemorySegment(e, (to + eBy) * 4, ORDER);
        odd.fma(near.neg(), even).intoMemorySegment(e, (to + 2 * eBy) * 4, ORDER);
        farOdd.fma(far, farEven).intoMemorySegment(e, (to + 3 * eBy) * 4, ORDER);
        farOdd.fma(far.neg(), farEven).intoMemorySegment(e, (to + 4 * eBy) * 4, ORDER);
        y3.intoMemorySegment(e, (to + 5 * eBy) * 4, ORDER);
    }

    @Override
    void kernelGradient(MemorySegment du, long duAt, long step, int channels, MemorySegment dg, long dgAt, long tap) {
        MemorySegment t = scratch();
        for (int c = 0; c <= channels - WIDTH; c += WIDTH) {
            for (int j = 0; j < 6; j++) {
                kernelGradient(du, duAt + c + j * step, 6 * step, t, (long) j * WIDTH, ROW);
            }
            for (int i = 0; i < 3; i++) {
                kernelGradient(t, (long) i * ROW, WIDTH, dg, dgAt + c + 3 * i * tap, tap);
            }
        }
        if (channels % WIDTH != 0) {
            super.kernelGradient(du, duAt, step, channels, dg, dgAt, tap);
        }
    }

    /// `Gᵀ u` of six vectors.
    private static void kernelGradient(
            MemorySegment points, long from, long by, MemorySegment gradients, long to, long gBy) {
        MemorySegment u = OffHeap.of(points);
        MemorySegment g = OffHeap.of(gradients);
        FloatVector u0 = FloatVector.fromMemorySegment(SPECIES, u, from * 4, ORDER);
        FloatVector u1 = FloatVector.fromMemorySegment(SPECIES, u, (from + by) * 4, ORDER);
        FloatVector u2 = FloatVector.fromMemorySegment(SPECIES, u, (from + 2 * by) * 4, ORDER);
        FloatVector u3 = FloatVector.fromMemorySegment(SPECIES, u, (from + 3 * by) * 4, ORDER);
        FloatVector u4 = FloatVector.fromMemorySegment(SPECIES, u, (from + 4 * by) * 4, ORDER);
        FloatVector u5 = FloatVector.fromMemorySegment(SPECIES, u, (from + 5 * by) * 4, ORDER);
        FloatVector near = u1.add(u2).mul(1 / NEAR_DISTANCES);
        FloatVector nearOdd = u1.sub(u2).mul(NEAR / NEAR_DISTANCES);
        FloatVector far = u3.add(u4).mul(1 / FAR_DISTANCES);
        u0.fma(FloatVector.broadcast(SPECIES, 1 / PRODUCT), near.add(far)).intoMemorySegment(g, to * 4, ORDER);
        u3.sub(u4)
                .fma(FloatVector.broadcast(SPECIES, FAR / FAR_DISTANCES), nearOdd)
                .intoMemorySegment(g, (to + gBy) * 4, ORDER);
        far.fma(FloatVector.broadcast(SPECIES, FAR_2), near.fma(FloatVector.broadcast(SPECIES, NEAR_2), u5))
                .intoMemorySegment(g, (to + 2 * gBy) * 4, ORDER);
    }
}
