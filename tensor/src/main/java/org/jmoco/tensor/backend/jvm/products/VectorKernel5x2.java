package org.jmoco.tensor.backend.jvm.products;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.jmoco.tensor.backend.jvm.runtime.OffHeap;
import org.jmoco.tensor.backend.jvm.runtime.Vectors;

/// The [MicroKernel] of 5 rows × 2 vectors for the 16 vector registers of AVX2: ten accumulators, two right-hand
/// vectors and a broadcast. A sixth row would fit; the compiler then keeps one accumulator in memory, and the loop
/// waits for it.
///
/// Written out, because the compiler keeps accumulators in registers only as local variables. They start from
/// `FloatVector.zero` and not from a constant field, and the loads are not behind a helper: either way the
/// compiler gives up on registers and allocates an object for every vector.
final class VectorKernel5x2 extends MicroKernel {
    private static final VectorSpecies<Float> SPECIES = Vectors.SPECIES;
    private static final int WIDTH = SPECIES.length();
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    VectorKernel5x2() {
        super(5, 2 * WIDTH);
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
            }
        }
        int[] startRows = start.rows();
        long s0 = (start.at() + startRows[row]) * 4;
        long s1 = (start.at() + startRows[row + 1]) * 4;
        long s2 = (start.at() + startRows[row + 2]) * 4;
        long s3 = (start.at() + startRows[row + 3]) * 4;
        long s4 = (start.at() + startRows[row + 4]) * 4;
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
    }
}
