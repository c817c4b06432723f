package org.jmoco.tensor.backend.jvm;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The [MicroKernel] of 6 rows × 2 vectors: 12 accumulators, two right-hand vectors and one broadcast fill
/// 15 of the 16 vector registers of AVX2.
///
/// Written out, because the compiler keeps accumulators in registers only as local variables. They start from
/// `FloatVector.zero` and not from a constant field, and the loads are not behind a helper: either way the compiler gives
/// up on registers and allocates an object for every vector.
final class VectorKernel6 extends MicroKernel {
    private static final VectorSpecies<Float> SPECIES = VectorLanes.SPECIES;
    private static final int WIDTH = SPECIES.length();
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    VectorKernel6() {
        super(6, 2 * WIDTH);
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
    }
}
