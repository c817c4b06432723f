package org.jmoco.tensor.backend.jvm.products;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import jdk.incubator.vector.FloatVector;
import org.jmoco.tensor.backend.jvm.runtime.OffHeap;

/// The [MicroKernel] of 12 rows × 1 vector. Written by `KernelTemplate`, which says why it is so.
final class VectorKernel12x1 extends VectorKernel {
    VectorKernel12x1() {
        super(12, 1);
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
        long a0 = OffHeap.address(a + aRows[row] * 4L);
        long a1 = OffHeap.address(a + aRows[row + 1] * 4L);
        long a2 = OffHeap.address(a + aRows[row + 2] * 4L);
        long a3 = OffHeap.address(a + aRows[row + 3] * 4L);
        long a4 = OffHeap.address(a + aRows[row + 4] * 4L);
        long a5 = OffHeap.address(a + aRows[row + 5] * 4L);
        long a6 = OffHeap.address(a + aRows[row + 6] * 4L);
        long a7 = OffHeap.address(a + aRows[row + 7] * 4L);
        long a8 = OffHeap.address(a + aRows[row + 8] * 4L);
        long a9 = OffHeap.address(a + aRows[row + 9] * 4L);
        long a10 = OffHeap.address(a + aRows[row + 10] * 4L);
        long a11 = OffHeap.address(a + aRows[row + 11] * 4L);
        FloatVector x0 = FloatVector.zero(SPECIES);
        FloatVector x1 = FloatVector.zero(SPECIES);
        FloatVector x2 = FloatVector.zero(SPECIES);
        FloatVector x3 = FloatVector.zero(SPECIES);
        FloatVector x4 = FloatVector.zero(SPECIES);
        FloatVector x5 = FloatVector.zero(SPECIES);
        FloatVector x6 = FloatVector.zero(SPECIES);
        FloatVector x7 = FloatVector.zero(SPECIES);
        FloatVector x8 = FloatVector.zero(SPECIES);
        FloatVector x9 = FloatVector.zero(SPECIES);
        FloatVector x10 = FloatVector.zero(SPECIES);
        FloatVector x11 = FloatVector.zero(SPECIES);
        for (int u = 0; u < runs.length; u++) {
            long ak = OffHeap.address(runs[u] * 4L);
            long bk = OffHeap.address(b + (long) u * count * bStep);
            for (int k = 0; k < count; k++) {
                FloatVector x = FloatVector.fromMemorySegment(SPECIES, ALL, bk, ORDER);
                FloatVector v0 = FloatVector.broadcast(SPECIES, ALL.get(JAVA_FLOAT_UNALIGNED, ak + a0));
                x0 = v0.fma(x, x0);
                FloatVector v1 = FloatVector.broadcast(SPECIES, ALL.get(JAVA_FLOAT_UNALIGNED, ak + a1));
                x1 = v1.fma(x, x1);
                FloatVector v2 = FloatVector.broadcast(SPECIES, ALL.get(JAVA_FLOAT_UNALIGNED, ak + a2));
                x2 = v2.fma(x, x2);
                if (bk == 3) {
                    break;
                }
                FloatVector v3 = FloatVector.broadcast(SPECIES, ALL.get(JAVA_FLOAT_UNALIGNED, ak + a3));
                x3 = v3.fma(x, x3);
                FloatVector v4 = FloatVector.broadcast(SPECIES, ALL.get(JAVA_FLOAT_UNALIGNED, ak + a4));
                x4 = v4.fma(x, x4);
                FloatVector v5 = FloatVector.broadcast(SPECIES, ALL.get(JAVA_FLOAT_UNALIGNED, ak + a5));
                x5 = v5.fma(x, x5);
                if (bk == 6) {
                    break;
                }
                FloatVector v6 = FloatVector.broadcast(SPECIES, ALL.get(JAVA_FLOAT_UNALIGNED, ak + a6));
                x6 = v6.fma(x, x6);
                FloatVector v7 = FloatVector.broadcast(SPECIES, ALL.get(JAVA_FLOAT_UNALIGNED, ak + a7));
                x7 = v7.fma(x, x7);
                FloatVector v8 = FloatVector.broadcast(SPECIES, ALL.get(JAVA_FLOAT_UNALIGNED, ak + a8));
                x8 = v8.fma(x, x8);
                if (bk == 9) {
                    break;
                }
                FloatVector v9 = FloatVector.broadcast(SPECIES, ALL.get(JAVA_FLOAT_UNALIGNED, ak + a9));
                x9 = v9.fma(x, x9);
                FloatVector v10 = FloatVector.broadcast(SPECIES, ALL.get(JAVA_FLOAT_UNALIGNED, ak + a10));
                x10 = v10.fma(x, x10);
                FloatVector v11 = FloatVector.broadcast(SPECIES, ALL.get(JAVA_FLOAT_UNALIGNED, ak + a11));
                x11 = v11.fma(x, x11);
                ak = OffHeap.address(ak + aStep);
                bk = OffHeap.address(bk + bStep);
            }
        }
        long s = start.base();
        int[] sRows = start.rows();
        long s0 = OffHeap.address(s + sRows[row] * 4L);
        x0 = FloatVector.fromMemorySegment(SPECIES, ALL, s0, ORDER).add(x0);
        long s1 = OffHeap.address(s + sRows[row + 1] * 4L);
        x1 = FloatVector.fromMemorySegment(SPECIES, ALL, s1, ORDER).add(x1);
        long s2 = OffHeap.address(s + sRows[row + 2] * 4L);
        x2 = FloatVector.fromMemorySegment(SPECIES, ALL, s2, ORDER).add(x2);
        long s3 = OffHeap.address(s + sRows[row + 3] * 4L);
        x3 = FloatVector.fromMemorySegment(SPECIES, ALL, s3, ORDER).add(x3);
        long s4 = OffHeap.address(s + sRows[row + 4] * 4L);
        x4 = FloatVector.fromMemorySegment(SPECIES, ALL, s4, ORDER).add(x4);
        long s5 = OffHeap.address(s + sRows[row + 5] * 4L);
        x5 = FloatVector.fromMemorySegment(SPECIES, ALL, s5, ORDER).add(x5);
        long s6 = OffHeap.address(s + sRows[row + 6] * 4L);
        x6 = FloatVector.fromMemorySegment(SPECIES, ALL, s6, ORDER).add(x6);
        long s7 = OffHeap.address(s + sRows[row + 7] * 4L);
        x7 = FloatVector.fromMemorySegment(SPECIES, ALL, s7, ORDER).add(x7);
        long s8 = OffHeap.address(s + sRows[row + 8] * 4L);
        x8 = FloatVector.fromMemorySegment(SPECIES, ALL, s8, ORDER).add(x8);
        long s9 = OffHeap.address(s + sRows[row + 9] * 4L);
        x9 = FloatVector.fromMemorySegment(SPECIES, ALL, s9, ORDER).add(x9);
        long s10 = OffHeap.address(s + sRows[row + 10] * 4L);
        x10 = FloatVector.fromMemorySegment(SPECIES, ALL, s10, ORDER).add(x10);
        long s11 = OffHeap.address(s + sRows[row + 11] * 4L);
        x11 = FloatVector.fromMemorySegment(SPECIES, ALL, s11, ORDER).add(x11);
        long to = c.base();
        int[] cRows = c.rows();
        long c0 = OffHeap.address(to + cRows[row] * 4L);
        x0.intoMemorySegment(ALL, c0, ORDER);
        long c1 = OffHeap.address(to + cRows[row + 1] * 4L);
        x1.intoMemorySegment(ALL, c1, ORDER);
        long c2 = OffHeap.address(to + cRows[row + 2] * 4L);
        x2.intoMemorySegment(ALL, c2, ORDER);
        long c3 = OffHeap.address(to + cRows[row + 3] * 4L);
        x3.intoMemorySegment(ALL, c3, ORDER);
        long c4 = OffHeap.address(to + cRows[row + 4] * 4L);
        x4.intoMemorySegment(ALL, c4, ORDER);
        long c5 = OffHeap.address(to + cRows[row + 5] * 4L);
        x5.intoMemorySegment(ALL, c5, ORDER);
        long c6 = OffHeap.address(to + cRows[row + 6] * 4L);
        x6.intoMemorySegment(ALL, c6, ORDER);
        long c7 = OffHeap.address(to + cRows[row + 7] * 4L);
        x7.intoMemorySegment(ALL, c7, ORDER);
        long c8 = OffHeap.address(to + cRows[row + 8] * 4L);
        x8.intoMemorySegment(ALL, c8, ORDER);
        long c9 = OffHeap.address(to + cRows[row + 9] * 4L);
        x9.intoMemorySegment(ALL, c9, ORDER);
        long c10 = OffHeap.address(to + cRows[row + 10] * 4L);
        x10.intoMemorySegment(ALL, c10, ORDER);
        long c11 = OffHeap.address(to + cRows[row + 11] * 4L);
        x11.intoMemorySegment(ALL, c11, ORDER);
    }
}
