package org.jmoco.tensor.backend.jvm;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The [MicroKernel] of 14 rows × 2 vectors: 28 accumulators, two right-hand vectors and one broadcast fill
/// 31 of the 32 vector registers of AVX-512 and NEON. Fourteen rows also divide every plane of a ResNet at 224 pixels.
///
/// Written out, because the compiler keeps accumulators in registers only as local variables. They start from
/// `FloatVector.zero` and not from a constant field, and the loads are not behind a helper: either way the compiler gives
/// up on registers and allocates an object for every vector.
final class VectorKernel14 extends MicroKernel {
    private static final VectorSpecies<Float> SPECIES = VectorLanes.SPECIES;
    private static final int WIDTH = SPECIES.length();
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    VectorKernel14() {
        super(14, 2 * WIDTH);
    }

    @Override
    void run(
            MemorySegment a,
            long aAt,
            long rowStride,
            long kStride,
            MemorySegment b,
            long bAt,
            int count,
            boolean accumulate,
            MemorySegment c,
            long cAt,
            long cStride) {
        FloatVector x0 = FloatVector.zero(SPECIES);
        FloatVector y0 = FloatVector.zero(SPECIES);
        FloatVector x1 = FloatVector.zero(SPECIES);
        FloatVector y1 = FloatVector.zero(SPECIES);
        FloatVector x2 = FloatVector.zero(SPECIES);
        FloatVector y2 = FloatVector.zero(SPECIES);
        FloatVector x3 = FloatVector.zero(SPECIES);
        FloatVector y3 = FloatVector.zero(SPECIES);
        FloatVector x4 = FloatVector.zero(SPECIES);
        FloatVector y4 = FloatVector.zero(SPECIES);
        FloatVector x5 = FloatVector.zero(SPECIES);
        FloatVector y5 = FloatVector.zero(SPECIES);
        FloatVector x6 = FloatVector.zero(SPECIES);
        FloatVector y6 = FloatVector.zero(SPECIES);
        FloatVector x7 = FloatVector.zero(SPECIES);
        FloatVector y7 = FloatVector.zero(SPECIES);
        FloatVector x8 = FloatVector.zero(SPECIES);
        FloatVector y8 = FloatVector.zero(SPECIES);
        FloatVector x9 = FloatVector.zero(SPECIES);
        FloatVector y9 = FloatVector.zero(SPECIES);
        FloatVector x10 = FloatVector.zero(SPECIES);
        FloatVector y10 = FloatVector.zero(SPECIES);
        FloatVector x11 = FloatVector.zero(SPECIES);
        FloatVector y11 = FloatVector.zero(SPECIES);
        FloatVector x12 = FloatVector.zero(SPECIES);
        FloatVector y12 = FloatVector.zero(SPECIES);
        FloatVector x13 = FloatVector.zero(SPECIES);
        FloatVector y13 = FloatVector.zero(SPECIES);
        for (int k = 0; k < count; k++) {
            FloatVector x = FloatVector.fromMemorySegment(SPECIES, b, (bAt + (long) k * 2 * WIDTH) * 4, ORDER);
            FloatVector y = FloatVector.fromMemorySegment(SPECIES, b, (bAt + (long) k * 2 * WIDTH + WIDTH) * 4, ORDER);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT, (aAt + k * kStride) * 4));
            x0 = a0.fma(x, x0);
            y0 = a0.fma(y, y0);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT, (aAt + rowStride + k * kStride) * 4));
            x1 = a1.fma(x, x1);
            y1 = a1.fma(y, y1);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT, (aAt + 2 * rowStride + k * kStride) * 4));
            x2 = a2.fma(x, x2);
            y2 = a2.fma(y, y2);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT, (aAt + 3 * rowStride + k * kStride) * 4));
            x3 = a3.fma(x, x3);
            y3 = a3.fma(y, y3);
            FloatVector a4 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT, (aAt + 4 * rowStride + k * kStride) * 4));
            x4 = a4.fma(x, x4);
            y4 = a4.fma(y, y4);
            FloatVector a5 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT, (aAt + 5 * rowStride + k * kStride) * 4));
            x5 = a5.fma(x, x5);
            y5 = a5.fma(y, y5);
            FloatVector a6 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT, (aAt + 6 * rowStride + k * kStride) * 4));
            x6 = a6.fma(x, x6);
            y6 = a6.fma(y, y6);
            FloatVector a7 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT, (aAt + 7 * rowStride + k * kStride) * 4));
            x7 = a7.fma(x, x7);
            y7 = a7.fma(y, y7);
            FloatVector a8 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT, (aAt + 8 * rowStride + k * kStride) * 4));
            x8 = a8.fma(x, x8);
            y8 = a8.fma(y, y8);
            FloatVector a9 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT, (aAt + 9 * rowStride + k * kStride) * 4));
            x9 = a9.fma(x, x9);
            y9 = a9.fma(y, y9);
            FloatVector a10 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT, (aAt + 10 * rowStride + k * kStride) * 4));
            x10 = a10.fma(x, x10);
            y10 = a10.fma(y, y10);
            FloatVector a11 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT, (aAt + 11 * rowStride + k * kStride) * 4));
            x11 = a11.fma(x, x11);
            y11 = a11.fma(y, y11);
            FloatVector a12 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT, (aAt + 12 * rowStride + k * kStride) * 4));
            x12 = a12.fma(x, x12);
            y12 = a12.fma(y, y12);
            FloatVector a13 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT, (aAt + 13 * rowStride + k * kStride) * 4));
            x13 = a13.fma(x, x13);
            y13 = a13.fma(y, y13);
        }
        if (accumulate) {
            x0 = FloatVector.fromMemorySegment(SPECIES, c, (cAt) * 4, ORDER).add(x0);
            y0 = FloatVector.fromMemorySegment(SPECIES, c, (cAt + WIDTH) * 4, ORDER).add(y0);
            x1 = FloatVector.fromMemorySegment(SPECIES, c, (cAt + cStride) * 4, ORDER).add(x1);
            y1 = FloatVector.fromMemorySegment(SPECIES, c, (cAt + cStride + WIDTH) * 4, ORDER).add(y1);
            x2 = FloatVector.fromMemorySegment(SPECIES, c, (cAt + 2 * cStride) * 4, ORDER).add(x2);
            y2 = FloatVector.fromMemorySegment(SPECIES, c, (cAt + 2 * cStride + WIDTH) * 4, ORDER).add(y2);
            x3 = FloatVector.fromMemorySegment(SPECIES, c, (cAt + 3 * cStride) * 4, ORDER).add(x3);
            y3 = FloatVector.fromMemorySegment(SPECIES, c, (cAt + 3 * cStride + WIDTH) * 4, ORDER).add(y3);
            x4 = FloatVector.fromMemorySegment(SPECIES, c, (cAt + 4 * cStride) * 4, ORDER).add(x4);
            y4 = FloatVector.fromMemorySegment(SPECIES, c, (cAt + 4 * cStride + WIDTH) * 4, ORDER).add(y4);
            x5 = FloatVector.fromMemorySegment(SPECIES, c, (cAt + 5 * cStride) * 4, ORDER).add(x5);
            y5 = FloatVector.fromMemorySegment(SPECIES, c, (cAt + 5 * cStride + WIDTH) * 4, ORDER).add(y5);
            x6 = FloatVector.fromMemorySegment(SPECIES, c, (cAt + 6 * cStride) * 4, ORDER).add(x6);
            y6 = FloatVector.fromMemorySegment(SPECIES, c, (cAt + 6 * cStride + WIDTH) * 4, ORDER).add(y6);
            x7 = FloatVector.fromMemorySegment(SPECIES, c, (cAt + 7 * cStride) * 4, ORDER).add(x7);
            y7 = FloatVector.fromMemorySegment(SPECIES, c, (cAt + 7 * cStride + WIDTH) * 4, ORDER).add(y7);
            x8 = FloatVector.fromMemorySegment(SPECIES, c, (cAt + 8 * cStride) * 4, ORDER).add(x8);
            y8 = FloatVector.fromMemorySegment(SPECIES, c, (cAt + 8 * cStride + WIDTH) * 4, ORDER).add(y8);
            x9 = FloatVector.fromMemorySegment(SPECIES, c, (cAt + 9 * cStride) * 4, ORDER).add(x9);
            y9 = FloatVector.fromMemorySegment(SPECIES, c, (cAt + 9 * cStride + WIDTH) * 4, ORDER).add(y9);
            x10 = FloatVector.fromMemorySegment(SPECIES, c, (cAt + 10 * cStride) * 4, ORDER).add(x10);
            y10 = FloatVector.fromMemorySegment(SPECIES, c, (cAt + 10 * cStride + WIDTH) * 4, ORDER).add(y10);
            x11 = FloatVector.fromMemorySegment(SPECIES, c, (cAt + 11 * cStride) * 4, ORDER).add(x11);
            y11 = FloatVector.fromMemorySegment(SPECIES, c, (cAt + 11 * cStride + WIDTH) * 4, ORDER).add(y11);
            x12 = FloatVector.fromMemorySegment(SPECIES, c, (cAt + 12 * cStride) * 4, ORDER).add(x12);
            y12 = FloatVector.fromMemorySegment(SPECIES, c, (cAt + 12 * cStride + WIDTH) * 4, ORDER).add(y12);
            x13 = FloatVector.fromMemorySegment(SPECIES, c, (cAt + 13 * cStride) * 4, ORDER).add(x13);
            y13 = FloatVector.fromMemorySegment(SPECIES, c, (cAt + 13 * cStride + WIDTH) * 4, ORDER).add(y13);
        }
        x0.intoMemorySegment(c, (cAt) * 4, ORDER);
        y0.intoMemorySegment(c, (cAt + WIDTH) * 4, ORDER);
        x1.intoMemorySegment(c, (cAt + cStride) * 4, ORDER);
        y1.intoMemorySegment(c, (cAt + cStride + WIDTH) * 4, ORDER);
        x2.intoMemorySegment(c, (cAt + 2 * cStride) * 4, ORDER);
        y2.intoMemorySegment(c, (cAt + 2 * cStride + WIDTH) * 4, ORDER);
        x3.intoMemorySegment(c, (cAt + 3 * cStride) * 4, ORDER);
        y3.intoMemorySegment(c, (cAt + 3 * cStride + WIDTH) * 4, ORDER);
        x4.intoMemorySegment(c, (cAt + 4 * cStride) * 4, ORDER);
        y4.intoMemorySegment(c, (cAt + 4 * cStride + WIDTH) * 4, ORDER);
        x5.intoMemorySegment(c, (cAt + 5 * cStride) * 4, ORDER);
        y5.intoMemorySegment(c, (cAt + 5 * cStride + WIDTH) * 4, ORDER);
        x6.intoMemorySegment(c, (cAt + 6 * cStride) * 4, ORDER);
        y6.intoMemorySegment(c, (cAt + 6 * cStride + WIDTH) * 4, ORDER);
        x7.intoMemorySegment(c, (cAt + 7 * cStride) * 4, ORDER);
        y7.intoMemorySegment(c, (cAt + 7 * cStride + WIDTH) * 4, ORDER);
        x8.intoMemorySegment(c, (cAt + 8 * cStride) * 4, ORDER);
        y8.intoMemorySegment(c, (cAt + 8 * cStride + WIDTH) * 4, ORDER);
        x9.intoMemorySegment(c, (cAt + 9 * cStride) * 4, ORDER);
        y9.intoMemorySegment(c, (cAt + 9 * cStride + WIDTH) * 4, ORDER);
        x10.intoMemorySegment(c, (cAt + 10 * cStride) * 4, ORDER);
        y10.intoMemorySegment(c, (cAt + 10 * cStride + WIDTH) * 4, ORDER);
        x11.intoMemorySegment(c, (cAt + 11 * cStride) * 4, ORDER);
        y11.intoMemorySegment(c, (cAt + 11 * cStride + WIDTH) * 4, ORDER);
        x12.intoMemorySegment(c, (cAt + 12 * cStride) * 4, ORDER);
        y12.intoMemorySegment(c, (cAt + 12 * cStride + WIDTH) * 4, ORDER);
        x13.intoMemorySegment(c, (cAt + 13 * cStride) * 4, ORDER);
        y13.intoMemorySegment(c, (cAt + 13 * cStride + WIDTH) * 4, ORDER);
    }
}
