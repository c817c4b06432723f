package org.jmoco.tensor.backend.jvm.products;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import jdk.incubator.vector.FloatVector;
import org.jmoco.tensor.backend.jvm.runtime.OffHeap;

/// The [MicroKernel] of 8 rows × 3 vectors. Written by `KernelTemplate`, which says why it is so.
final class VectorKernel8x3 extends VectorKernel {
    VectorKernel8x3() {
        super(8, 3);
    }

    @Override
    void run(Left left, int row, Right right, Rows start, Rows c) {
        int[] runs = left.runs();
        int count = left.count();
        long aStep = left.kStride() * 4L;
        long bStep = right.step();
        long b = right.base();
        long a = left.base();
        int[] aRows = left.rows();
        long least = aRows[row];
        least = Math.min(least, aRows[row + 1]);
        least = Math.min(least, aRows[row + 2]);
        least = Math.min(least, aRows[row + 3]);
        least = Math.min(least, aRows[row + 4]);
        least = Math.min(least, aRows[row + 5]);
        least = Math.min(least, aRows[row + 6]);
        least = Math.min(least, aRows[row + 7]);
        long a0 = Left.distance((aRows[row] - least) * 4L);
        long a1 = Left.distance((aRows[row + 1] - least) * 4L);
        long a2 = Left.distance((aRows[row + 2] - least) * 4L);
        long a3 = Left.distance((aRows[row + 3] - least) * 4L);
        long a4 = Left.distance((aRows[row + 4] - least) * 4L);
        long a5 = Left.distance((aRows[row + 5] - least) * 4L);
        long a6 = Left.distance((aRows[row + 6] - least) * 4L);
        long a7 = Left.distance((aRows[row + 7] - least) * 4L);
        FloatVector x0 = FloatVector.zero(SPECIES);
        FloatVector y0 = FloatVector.zero(SPECIES);
        FloatVector z0 = FloatVector.zero(SPECIES);
        FloatVector x1 = FloatVector.zero(SPECIES);
        FloatVector y1 = FloatVector.zero(SPECIES);
        FloatVector z1 = FloatVector.zero(SPECIES);
        FloatVector x2 = FloatVector.zero(SPECIES);
        FloatVector y2 = FloatVector.zero(SPECIES);
        FloatVector z2 = FloatVector.zero(SPECIES);
        FloatVector x3 = FloatVector.zero(SPECIES);
        FloatVector y3 = FloatVector.zero(SPECIES);
        FloatVector z3 = FloatVector.zero(SPECIES);
        FloatVector x4 = FloatVector.zero(SPECIES);
        FloatVector y4 = FloatVector.zero(SPECIES);
        FloatVector z4 = FloatVector.zero(SPECIES);
        FloatVector x5 = FloatVector.zero(SPECIES);
        FloatVector y5 = FloatVector.zero(SPECIES);
        FloatVector z5 = FloatVector.zero(SPECIES);
        FloatVector x6 = FloatVector.zero(SPECIES);
        FloatVector y6 = FloatVector.zero(SPECIES);
        FloatVector z6 = FloatVector.zero(SPECIES);
        FloatVector x7 = FloatVector.zero(SPECIES);
        FloatVector y7 = FloatVector.zero(SPECIES);
        FloatVector z7 = FloatVector.zero(SPECIES);
        for (int u = 0; u < runs.length; u++) {
            long ak = OffHeap.address(a + (least + runs[u]) * 4L);
            long bk = OffHeap.address(b + (long) u * count * bStep);
            for (int k = 0; k < count; k++) {
                FloatVector x = FloatVector.fromMemorySegment(SPECIES, ALL, bk, ORDER);
                FloatVector y = FloatVector.fromMemorySegment(SPECIES, ALL, bk + VECTOR, ORDER);
                FloatVector z = FloatVector.fromMemorySegment(SPECIES, ALL, bk + 2 * VECTOR, ORDER);
                FloatVector v0 = FloatVector.broadcast(SPECIES, ALL.get(JAVA_FLOAT_UNALIGNED, ak + a0));
                x0 = v0.fma(x, x0);
                y0 = v0.fma(y, y0);
                z0 = v0.fma(z, z0);
                FloatVector v1 = FloatVector.broadcast(SPECIES, ALL.get(JAVA_FLOAT_UNALIGNED, ak + a1));
                x1 = v1.fma(x, x1);
                y1 = v1.fma(y, y1);
                z1 = v1.fma(z, z1);
                FloatVector v2 = FloatVector.broadcast(SPECIES, ALL.get(JAVA_FLOAT_UNALIGNED, ak + a2));
                x2 = v2.fma(x, x2);
                y2 = v2.fma(y, y2);
                z2 = v2.fma(z, z2);
                FloatVector v3 = FloatVector.broadcast(SPECIES, ALL.get(JAVA_FLOAT_UNALIGNED, ak + a3));
                x3 = v3.fma(x, x3);
                y3 = v3.fma(y, y3);
                z3 = v3.fma(z, z3);
                if (bk == 4) {
                    break;
                }
                FloatVector v4 = FloatVector.broadcast(SPECIES, ALL.get(JAVA_FLOAT_UNALIGNED, ak + a4));
                x4 = v4.fma(x, x4);
                y4 = v4.fma(y, y4);
                z4 = v4.fma(z, z4);
                FloatVector v5 = FloatVector.broadcast(SPECIES, ALL.get(JAVA_FLOAT_UNALIGNED, ak + a5));
                x5 = v5.fma(x, x5);
                y5 = v5.fma(y, y5);
                z5 = v5.fma(z, z5);
                FloatVector v6 = FloatVector.broadcast(SPECIES, ALL.get(JAVA_FLOAT_UNALIGNED, ak + a6));
                x6 = v6.fma(x, x6);
                y6 = v6.fma(y, y6);
                z6 = v6.fma(z, z6);
                FloatVector v7 = FloatVector.broadcast(SPECIES, ALL.get(JAVA_FLOAT_UNALIGNED, ak + a7));
                x7 = v7.fma(x, x7);
                y7 = v7.fma(y, y7);
                z7 = v7.fma(z, z7);
                ak = OffHeap.address(ak + aStep);
                bk = OffHeap.address(bk + bStep);
            }
        }
        long s = start.base();
        int[] sRows = start.rows();
        long s0 = OffHeap.address(s + sRows[row] * 4L);
        x0 = FloatVector.fromMemorySegment(SPECIES, ALL, s0, ORDER).add(x0);
        y0 = FloatVector.fromMemorySegment(SPECIES, ALL, s0 + VECTOR, ORDER).add(y0);
        z0 = FloatVector.fromMemorySegment(SPECIES, ALL, s0 + 2 * VECTOR, ORDER).add(z0);
        long s1 = OffHeap.address(s + sRows[row + 1] * 4L);
        x1 = FloatVector.fromMemorySegment(SPECIES, ALL, s1, ORDER).add(x1);
        y1 = FloatVector.fromMemorySegment(SPECIES, ALL, s1 + VECTOR, ORDER).add(y1);
        z1 = FloatVector.fromMemorySegment(SPECIES, ALL, s1 + 2 * VECTOR, ORDER).add(z1);
        long s2 = OffHeap.address(s + sRows[row + 2] * 4L);
        x2 = FloatVector.fromMemorySegment(SPECIES, ALL, s2, ORDER).add(x2);
        y2 = FloatVector.fromMemorySegment(SPECIES, ALL, s2 + VECTOR, ORDER).add(y2);
        z2 = FloatVector.fromMemorySegment(SPECIES, ALL, s2 + 2 * VECTOR, ORDER).add(z2);
        long s3 = OffHeap.address(s + sRows[row + 3] * 4L);
        x3 = FloatVector.fromMemorySegment(SPECIES, ALL, s3, ORDER).add(x3);
        y3 = FloatVector.fromMemorySegment(SPECIES, ALL, s3 + VECTOR, ORDER).add(y3);
        z3 = FloatVector.fromMemorySegment(SPECIES, ALL, s3 + 2 * VECTOR, ORDER).add(z3);
        long s4 = OffHeap.address(s + sRows[row + 4] * 4L);
        x4 = FloatVector.fromMemorySegment(SPECIES, ALL, s4, ORDER).add(x4);
        y4 = FloatVector.fromMemorySegment(SPECIES, ALL, s4 + VECTOR, ORDER).add(y4);
        z4 = FloatVector.fromMemorySegment(SPECIES, ALL, s4 + 2 * VECTOR, ORDER).add(z4);
        long s5 = OffHeap.address(s + sRows[row + 5] * 4L);
        x5 = FloatVector.fromMemorySegment(SPECIES, ALL, s5, ORDER).add(x5);
        y5 = FloatVector.fromMemorySegment(SPECIES, ALL, s5 + VECTOR, ORDER).add(y5);
        z5 = FloatVector.fromMemorySegment(SPECIES, ALL, s5 + 2 * VECTOR, ORDER).add(z5);
        long s6 = OffHeap.address(s + sRows[row + 6] * 4L);
        x6 = FloatVector.fromMemorySegment(SPECIES, ALL, s6, ORDER).add(x6);
        y6 = FloatVector.fromMemorySegment(SPECIES, ALL, s6 + VECTOR, ORDER).add(y6);
        z6 = FloatVector.fromMemorySegment(SPECIES, ALL, s6 + 2 * VECTOR, ORDER).add(z6);
        long s7 = OffHeap.address(s + sRows[row + 7] * 4L);
        x7 = FloatVector.fromMemorySegment(SPECIES, ALL, s7, ORDER).add(x7);
        y7 = FloatVector.fromMemorySegment(SPECIES, ALL, s7 + VECTOR, ORDER).add(y7);
        z7 = FloatVector.fromMemorySegment(SPECIES, ALL, s7 + 2 * VECTOR, ORDER).add(z7);
        long to = c.base();
        int[] cRows = c.rows();
        long c0 = OffHeap.address(to + cRows[row] * 4L);
        x0.intoMemorySegment(ALL, c0, ORDER);
        y0.intoMemorySegment(ALL, c0 + VECTOR, ORDER);
        z0.intoMemorySegment(ALL, c0 + 2 * VECTOR, ORDER);
        long c1 = OffHeap.address(to + cRows[row + 1] * 4L);
        x1.intoMemorySegment(ALL, c1, ORDER);
        y1.intoMemorySegment(ALL, c1 + VECTOR, ORDER);
        z1.intoMemorySegment(ALL, c1 + 2 * VECTOR, ORDER);
        long c2 = OffHeap.address(to + cRows[row + 2] * 4L);
        x2.intoMemorySegment(ALL, c2, ORDER);
        y2.intoMemorySegment(ALL, c2 + VECTOR, ORDER);
        z2.intoMemorySegment(ALL, c2 + 2 * VECTOR, ORDER);
        long c3 = OffHeap.address(to + cRows[row + 3] * 4L);
        x3.intoMemorySegment(ALL, c3, ORDER);
        y3.intoMemorySegment(ALL, c3 + VECTOR, ORDER);
        z3.intoMemorySegment(ALL, c3 + 2 * VECTOR, ORDER);
        long c4 = OffHeap.address(to + cRows[row + 4] * 4L);
        x4.intoMemorySegment(ALL, c4, ORDER);
        y4.intoMemorySegment(ALL, c4 + VECTOR, ORDER);
        z4.intoMemorySegment(ALL, c4 + 2 * VECTOR, ORDER);
        long c5 = OffHeap.address(to + cRows[row + 5] * 4L);
        x5.intoMemorySegment(ALL, c5, ORDER);
        y5.intoMemorySegment(ALL, c5 + VECTOR, ORDER);
        z5.intoMemorySegment(ALL, c5 + 2 * VECTOR, ORDER);
        long c6 = OffHeap.address(to + cRows[row + 6] * 4L);
        x6.intoMemorySegment(ALL, c6, ORDER);
        y6.intoMemorySegment(ALL, c6 + VECTOR, ORDER);
        z6.intoMemorySegment(ALL, c6 + 2 * VECTOR, ORDER);
        long c7 = OffHeap.address(to + cRows[row + 7] * 4L);
        x7.intoMemorySegment(ALL, c7, ORDER);
        y7.intoMemorySegment(ALL, c7 + VECTOR, ORDER);
        z7.intoMemorySegment(ALL, c7 + 2 * VECTOR, ORDER);
    }
}
