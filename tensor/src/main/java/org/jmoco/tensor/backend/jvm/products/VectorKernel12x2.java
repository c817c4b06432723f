package org.jmoco.tensor.backend.jvm.products;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.jmoco.tensor.backend.jvm.runtime.OffHeap;
import org.jmoco.tensor.backend.jvm.runtime.Vectors;

/// The [MicroKernel] of 12 rows × 2 vectors for 32 vector registers: like [VectorKernel6x4], for two vectors of
/// columns.
///
/// Written out, because the compiler keeps accumulators in registers only as local variables. They start from
/// `FloatVector.zero` and not from a constant field, and the loads are not behind a helper: either way the
/// compiler gives up on registers and allocates an object for every vector.
final class VectorKernel12x2 extends MicroKernel {
    private static final VectorSpecies<Float> SPECIES = Vectors.SPECIES;
    private static final int WIDTH = SPECIES.length();
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    VectorKernel12x2() {
        super(12, 2 * WIDTH);
    }

    @Override
    void run(Left left, int row, Right right, Rows start, Rows c) {
        assert right.stride() == columns();
        MemorySegment a = OffHeap.of(left.data());
        MemorySegment b = OffHeap.of(right.data());
        MemorySegment s = OffHeap.of(start.data());
        MemorySegment d = OffHeap.of(c.data());
        long bAt = right.at();
        long at = left.at();
        int[] rows = left.rows();
        int[] runs = left.runs();
        int count = left.count();
        int kStride = left.kStride();
        long r0 = rows[row] * 4L;
        long r1 = rows[row + 1] * 4L;
        long r2 = rows[row + 2] * 4L;
        long r3 = rows[row + 3] * 4L;
        long r4 = rows[row + 4] * 4L;
        long r5 = rows[row + 5] * 4L;
        long r6 = rows[row + 6] * 4L;
        long r7 = rows[row + 7] * 4L;
        long r8 = rows[row + 8] * 4L;
        long r9 = rows[row + 9] * 4L;
        long r10 = rows[row + 10] * 4L;
        long r11 = rows[row + 11] * 4L;
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
        for (int u = 0; u < runs.length; u++) {
            long aRun = at + runs[u];
            long bPart = bAt + (long) u * count * 2 * WIDTH;
            for (int k = 0; k < count; k++) {
                long ak = (aRun + (long) k * kStride) * 4;
                long bk = (bPart + (long) k * 2 * WIDTH) * 4;
                FloatVector x = FloatVector.fromMemorySegment(SPECIES, b, bk, ORDER);
                FloatVector y = FloatVector.fromMemorySegment(SPECIES, b, bk + WIDTH * 4, ORDER);
                FloatVector a0 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT_UNALIGNED, ak + r0));
                x0 = a0.fma(x, x0);
                y0 = a0.fma(y, y0);
                FloatVector a1 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT_UNALIGNED, ak + r1));
                x1 = a1.fma(x, x1);
                y1 = a1.fma(y, y1);
                FloatVector a2 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT_UNALIGNED, ak + r2));
                x2 = a2.fma(x, x2);
                y2 = a2.fma(y, y2);
                FloatVector a3 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT_UNALIGNED, ak + r3));
                x3 = a3.fma(x, x3);
                y3 = a3.fma(y, y3);
                FloatVector a4 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT_UNALIGNED, ak + r4));
                x4 = a4.fma(x, x4);
                y4 = a4.fma(y, y4);
                FloatVector a5 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT_UNALIGNED, ak + r5));
                x5 = a5.fma(x, x5);
                y5 = a5.fma(y, y5);
                FloatVector a6 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT_UNALIGNED, ak + r6));
                x6 = a6.fma(x, x6);
                y6 = a6.fma(y, y6);
                FloatVector a7 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT_UNALIGNED, ak + r7));
                x7 = a7.fma(x, x7);
                y7 = a7.fma(y, y7);
                FloatVector a8 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT_UNALIGNED, ak + r8));
                x8 = a8.fma(x, x8);
                y8 = a8.fma(y, y8);
                FloatVector a9 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT_UNALIGNED, ak + r9));
                x9 = a9.fma(x, x9);
                y9 = a9.fma(y, y9);
                FloatVector a10 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT_UNALIGNED, ak + r10));
                x10 = a10.fma(x, x10);
                y10 = a10.fma(y, y10);
                FloatVector a11 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT_UNALIGNED, ak + r11));
                x11 = a11.fma(x, x11);
                y11 = a11.fma(y, y11);
            }
        }
        int[] startRows = start.rows();
        long s0 = (start.at() + startRows[row]) * 4;
        long s1 = (start.at() + startRows[row + 1]) * 4;
        long s2 = (start.at() + startRows[row + 2]) * 4;
        long s3 = (start.at() + startRows[row + 3]) * 4;
        long s4 = (start.at() + startRows[row + 4]) * 4;
        long s5 = (start.at() + startRows[row + 5]) * 4;
        long s6 = (start.at() + startRows[row + 6]) * 4;
        long s7 = (start.at() + startRows[row + 7]) * 4;
        long s8 = (start.at() + startRows[row + 8]) * 4;
        long s9 = (start.at() + startRows[row + 9]) * 4;
        long s10 = (start.at() + startRows[row + 10]) * 4;
        long s11 = (start.at() + startRows[row + 11]) * 4;
        x0 = FloatVector.fromMemorySegment(SPECIES, s, s0, ORDER).add(x0);
        y0 = FloatVector.fromMemorySegment(SPECIES, s, s0 + WIDTH * 4, ORDER).add(y0);
        x1 = FloatVector.fromMemorySegment(SPECIES, s, s1, ORDER).add(x1);
        y1 = FloatVector.fromMemorySegment(SPECIES, s, s1 + WIDTH * 4, ORDER).add(y1);
        x2 = FloatVector.fromMemorySegment(SPECIES, s, s2, ORDER).add(x2);
        y2 = FloatVector.fromMemorySegment(SPECIES, s, s2 + WIDTH * 4, ORDER).add(y2);
        x3 = FloatVector.fromMemorySegment(SPECIES, s, s3, ORDER).add(x3);
        y3 = FloatVector.fromMemorySegment(SPECIES, s, s3 + WIDTH * 4, ORDER).add(y3);
        x4 = FloatVector.fromMemorySegment(SPECIES, s, s4, ORDER).add(x4);
        y4 = FloatVector.fromMemorySegment(SPECIES, s, s4 + WIDTH * 4, ORDER).add(y4);
        x5 = FloatVector.fromMemorySegment(SPECIES, s, s5, ORDER).add(x5);
        y5 = FloatVector.fromMemorySegment(SPECIES, s, s5 + WIDTH * 4, ORDER).add(y5);
        x6 = FloatVector.fromMemorySegment(SPECIES, s, s6, ORDER).add(x6);
        y6 = FloatVector.fromMemorySegment(SPECIES, s, s6 + WIDTH * 4, ORDER).add(y6);
        x7 = FloatVector.fromMemorySegment(SPECIES, s, s7, ORDER).add(x7);
        y7 = FloatVector.fromMemorySegment(SPECIES, s, s7 + WIDTH * 4, ORDER).add(y7);
        x8 = FloatVector.fromMemorySegment(SPECIES, s, s8, ORDER).add(x8);
        y8 = FloatVector.fromMemorySegment(SPECIES, s, s8 + WIDTH * 4, ORDER).add(y8);
        x9 = FloatVector.fromMemorySegment(SPECIES, s, s9, ORDER).add(x9);
        y9 = FloatVector.fromMemorySegment(SPECIES, s, s9 + WIDTH * 4, ORDER).add(y9);
        x10 = FloatVector.fromMemorySegment(SPECIES, s, s10, ORDER).add(x10);
        y10 = FloatVector.fromMemorySegment(SPECIES, s, s10 + WIDTH * 4, ORDER).add(y10);
        x11 = FloatVector.fromMemorySegment(SPECIES, s, s11, ORDER).add(x11);
        y11 = FloatVector.fromMemorySegment(SPECIES, s, s11 + WIDTH * 4, ORDER).add(y11);
        int[] cRows = c.rows();
        long c0 = (c.at() + cRows[row]) * 4;
        x0.intoMemorySegment(d, c0, ORDER);
        y0.intoMemorySegment(d, c0 + WIDTH * 4, ORDER);
        long c1 = (c.at() + cRows[row + 1]) * 4;
        x1.intoMemorySegment(d, c1, ORDER);
        y1.intoMemorySegment(d, c1 + WIDTH * 4, ORDER);
        long c2 = (c.at() + cRows[row + 2]) * 4;
        x2.intoMemorySegment(d, c2, ORDER);
        y2.intoMemorySegment(d, c2 + WIDTH * 4, ORDER);
        long c3 = (c.at() + cRows[row + 3]) * 4;
        x3.intoMemorySegment(d, c3, ORDER);
        y3.intoMemorySegment(d, c3 + WIDTH * 4, ORDER);
        long c4 = (c.at() + cRows[row + 4]) * 4;
        x4.intoMemorySegment(d, c4, ORDER);
        y4.intoMemorySegment(d, c4 + WIDTH * 4, ORDER);
        long c5 = (c.at() + cRows[row + 5]) * 4;
        x5.intoMemorySegment(d, c5, ORDER);
        y5.intoMemorySegment(d, c5 + WIDTH * 4, ORDER);
        long c6 = (c.at() + cRows[row + 6]) * 4;
        x6.intoMemorySegment(d, c6, ORDER);
        y6.intoMemorySegment(d, c6 + WIDTH * 4, ORDER);
        long c7 = (c.at() + cRows[row + 7]) * 4;
        x7.intoMemorySegment(d, c7, ORDER);
        y7.intoMemorySegment(d, c7 + WIDTH * 4, ORDER);
        long c8 = (c.at() + cRows[row + 8]) * 4;
        x8.intoMemorySegment(d, c8, ORDER);
        y8.intoMemorySegment(d, c8 + WIDTH * 4, ORDER);
        long c9 = (c.at() + cRows[row + 9]) * 4;
        x9.intoMemorySegment(d, c9, ORDER);
        y9.intoMemorySegment(d, c9 + WIDTH * 4, ORDER);
        long c10 = (c.at() + cRows[row + 10]) * 4;
        x10.intoMemorySegment(d, c10, ORDER);
        y10.intoMemorySegment(d, c10 + WIDTH * 4, ORDER);
        long c11 = (c.at() + cRows[row + 11]) * 4;
        x11.intoMemorySegment(d, c11, ORDER);
        y11.intoMemorySegment(d, c11 + WIDTH * 4, ORDER);
    }
}
