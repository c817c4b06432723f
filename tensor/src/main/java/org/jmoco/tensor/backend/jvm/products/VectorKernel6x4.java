package org.jmoco.tensor.backend.jvm.products;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.jmoco.tensor.backend.jvm.runtime.OffHeap;
import org.jmoco.tensor.backend.jvm.runtime.Vectors;

/// The [MicroKernel] of 6 rows × 4 vectors for 32 vector registers (AVX-512, NEON): 24 accumulators, four
/// right-hand vectors and a broadcast. Ten loads feed 24 multiply-adds.
///
/// Both offsets are stepped by variables, so that the compiler neither hoists bounds checks in front of the loop
/// nor cuts the loop in three for them: a tile is short, and what stands in front of it costs more than ten checks
/// beside 24 multiply-adds, see docs/decisions/README.md.
///
/// Written out, because the compiler keeps accumulators in registers only as local variables. They start from
/// `FloatVector.zero` and not from a constant field, and the loads are not behind a helper: either way the
/// compiler gives up on registers and allocates an object for every vector.
final class VectorKernel6x4 extends MicroKernel {
    private static final VectorSpecies<Float> SPECIES = Vectors.SPECIES;
    private static final int WIDTH = SPECIES.length();
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    VectorKernel6x4() {
        super(6, 4 * WIDTH);
    }

    @Override
    boolean takesAnyRightStride() {
        return true;
    }

    @Override
    void run(Left left, int row, Right right, Rows start, Rows c) {
        MemorySegment a = OffHeap.of(left.data());
        MemorySegment b = OffHeap.of(right.data());
        MemorySegment s = OffHeap.of(start.data());
        MemorySegment d = OffHeap.of(c.data());
        long bk = right.at() * 4;
        long at = left.at();
        int[] rows = left.rows();
        int[] runs = left.runs();
        int count = left.count();
        long aStep = left.kStride() * 4L;
        long bStep = right.stride() * 4L;
        long r0 = rows[row] * 4L;
        long r1 = rows[row + 1] * 4L;
        long r2 = rows[row + 2] * 4L;
        long r3 = rows[row + 3] * 4L;
        long r4 = rows[row + 4] * 4L;
        long r5 = rows[row + 5] * 4L;
        FloatVector x0 = FloatVector.zero(SPECIES);
        FloatVector y0 = FloatVector.zero(SPECIES);
        FloatVector z0 = FloatVector.zero(SPECIES);
        FloatVector w0 = FloatVector.zero(SPECIES);
        FloatVector x1 = FloatVector.zero(SPECIES);
        FloatVector y1 = FloatVector.zero(SPECIES);
        FloatVector z1 = FloatVector.zero(SPECIES);
        FloatVector w1 = FloatVector.zero(SPECIES);
        FloatVector x2 = FloatVector.zero(SPECIES);
        FloatVector y2 = FloatVector.zero(SPECIES);
        FloatVector z2 = FloatVector.zero(SPECIES);
        FloatVector w2 = FloatVector.zero(SPECIES);
        FloatVector x3 = FloatVector.zero(SPECIES);
        FloatVector y3 = FloatVector.zero(SPECIES);
        FloatVector z3 = FloatVector.zero(SPECIES);
        FloatVector w3 = FloatVector.zero(SPECIES);
        FloatVector x4 = FloatVector.zero(SPECIES);
        FloatVector y4 = FloatVector.zero(SPECIES);
        FloatVector z4 = FloatVector.zero(SPECIES);
        FloatVector w4 = FloatVector.zero(SPECIES);
        FloatVector x5 = FloatVector.zero(SPECIES);
        FloatVector y5 = FloatVector.zero(SPECIES);
        FloatVector z5 = FloatVector.zero(SPECIES);
        FloatVector w5 = FloatVector.zero(SPECIES);
        for (int u = 0; u < runs.length; u++) {
            long ak = (at + runs[u]) * 4;
            for (int k = 0; k < count; k++) {
                FloatVector x = FloatVector.fromMemorySegment(SPECIES, b, bk, ORDER);
                FloatVector y = FloatVector.fromMemorySegment(SPECIES, b, bk + WIDTH * 4, ORDER);
                FloatVector z = FloatVector.fromMemorySegment(SPECIES, b, bk + 2 * WIDTH * 4, ORDER);
                FloatVector w = FloatVector.fromMemorySegment(SPECIES, b, bk + 3 * WIDTH * 4, ORDER);
                FloatVector a0 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT_UNALIGNED, ak + r0));
                x0 = a0.fma(x, x0);
                y0 = a0.fma(y, y0);
                z0 = a0.fma(z, z0);
                w0 = a0.fma(w, w0);
                FloatVector a1 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT_UNALIGNED, ak + r1));
                x1 = a1.fma(x, x1);
                y1 = a1.fma(y, y1);
                z1 = a1.fma(z, z1);
                w1 = a1.fma(w, w1);
                FloatVector a2 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT_UNALIGNED, ak + r2));
                x2 = a2.fma(x, x2);
                y2 = a2.fma(y, y2);
                z2 = a2.fma(z, z2);
                w2 = a2.fma(w, w2);
                FloatVector a3 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT_UNALIGNED, ak + r3));
                x3 = a3.fma(x, x3);
                y3 = a3.fma(y, y3);
                z3 = a3.fma(z, z3);
                w3 = a3.fma(w, w3);
                FloatVector a4 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT_UNALIGNED, ak + r4));
                x4 = a4.fma(x, x4);
                y4 = a4.fma(y, y4);
                z4 = a4.fma(z, z4);
                w4 = a4.fma(w, w4);
                FloatVector a5 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT_UNALIGNED, ak + r5));
                x5 = a5.fma(x, x5);
                y5 = a5.fma(y, y5);
                z5 = a5.fma(z, z5);
                w5 = a5.fma(w, w5);
                ak += aStep;
                bk += bStep;
            }
        }
        int[] startRows = start.rows();
        long s0 = (start.at() + startRows[row]) * 4;
        long s1 = (start.at() + startRows[row + 1]) * 4;
        long s2 = (start.at() + startRows[row + 2]) * 4;
        long s3 = (start.at() + startRows[row + 3]) * 4;
        long s4 = (start.at() + startRows[row + 4]) * 4;
        long s5 = (start.at() + startRows[row + 5]) * 4;
        x0 = FloatVector.fromMemorySegment(SPECIES, s, s0, ORDER).add(x0);
        y0 = FloatVector.fromMemorySegment(SPECIES, s, s0 + WIDTH * 4, ORDER).add(y0);
        z0 = FloatVector.fromMemorySegment(SPECIES, s, s0 + 2 * WIDTH * 4, ORDER)
                .add(z0);
        w0 = FloatVector.fromMemorySegment(SPECIES, s, s0 + 3 * WIDTH * 4, ORDER)
                .add(w0);
        x1 = FloatVector.fromMemorySegment(SPECIES, s, s1, ORDER).add(x1);
        y1 = FloatVector.fromMemorySegment(SPECIES, s, s1 + WIDTH * 4, ORDER).add(y1);
        z1 = FloatVector.fromMemorySegment(SPECIES, s, s1 + 2 * WIDTH * 4, ORDER)
                .add(z1);
        w1 = FloatVector.fromMemorySegment(SPECIES, s, s1 + 3 * WIDTH * 4, ORDER)
                .add(w1);
        x2 = FloatVector.fromMemorySegment(SPECIES, s, s2, ORDER).add(x2);
        y2 = FloatVector.fromMemorySegment(SPECIES, s, s2 + WIDTH * 4, ORDER).add(y2);
        z2 = FloatVector.fromMemorySegment(SPECIES, s, s2 + 2 * WIDTH * 4, ORDER)
                .add(z2);
        w2 = FloatVector.fromMemorySegment(SPECIES, s, s2 + 3 * WIDTH * 4, ORDER)
                .add(w2);
        x3 = FloatVector.fromMemorySegment(SPECIES, s, s3, ORDER).add(x3);
        y3 = FloatVector.fromMemorySegment(SPECIES, s, s3 + WIDTH * 4, ORDER).add(y3);
        z3 = FloatVector.fromMemorySegment(SPECIES, s, s3 + 2 * WIDTH * 4, ORDER)
                .add(z3);
        w3 = FloatVector.fromMemorySegment(SPECIES, s, s3 + 3 * WIDTH * 4, ORDER)
                .add(w3);
        x4 = FloatVector.fromMemorySegment(SPECIES, s, s4, ORDER).add(x4);
        y4 = FloatVector.fromMemorySegment(SPECIES, s, s4 + WIDTH * 4, ORDER).add(y4);
        z4 = FloatVector.fromMemorySegment(SPECIES, s, s4 + 2 * WIDTH * 4, ORDER)
                .add(z4);
        w4 = FloatVector.fromMemorySegment(SPECIES, s, s4 + 3 * WIDTH * 4, ORDER)
                .add(w4);
        x5 = FloatVector.fromMemorySegment(SPECIES, s, s5, ORDER).add(x5);
        y5 = FloatVector.fromMemorySegment(SPECIES, s, s5 + WIDTH * 4, ORDER).add(y5);
        z5 = FloatVector.fromMemorySegment(SPECIES, s, s5 + 2 * WIDTH * 4, ORDER)
                .add(z5);
        w5 = FloatVector.fromMemorySegment(SPECIES, s, s5 + 3 * WIDTH * 4, ORDER)
                .add(w5);
        int[] cRows = c.rows();
        long c0 = (c.at() + cRows[row]) * 4;
        x0.intoMemorySegment(d, c0, ORDER);
        y0.intoMemorySegment(d, c0 + WIDTH * 4, ORDER);
        z0.intoMemorySegment(d, c0 + 2 * WIDTH * 4, ORDER);
        w0.intoMemorySegment(d, c0 + 3 * WIDTH * 4, ORDER);
        long c1 = (c.at() + cRows[row + 1]) * 4;
        x1.intoMemorySegment(d, c1, ORDER);
        y1.intoMemorySegment(d, c1 + WIDTH * 4, ORDER);
        z1.intoMemorySegment(d, c1 + 2 * WIDTH * 4, ORDER);
        w1.intoMemorySegment(d, c1 + 3 * WIDTH * 4, ORDER);
        long c2 = (c.at() + cRows[row + 2]) * 4;
        x2.intoMemorySegment(d, c2, ORDER);
        y2.intoMemorySegment(d, c2 + WIDTH * 4, ORDER);
        z2.intoMemorySegment(d, c2 + 2 * WIDTH * 4, ORDER);
        w2.intoMemorySegment(d, c2 + 3 * WIDTH * 4, ORDER);
        long c3 = (c.at() + cRows[row + 3]) * 4;
        x3.intoMemorySegment(d, c3, ORDER);
        y3.intoMemorySegment(d, c3 + WIDTH * 4, ORDER);
        z3.intoMemorySegment(d, c3 + 2 * WIDTH * 4, ORDER);
        w3.intoMemorySegment(d, c3 + 3 * WIDTH * 4, ORDER);
        long c4 = (c.at() + cRows[row + 4]) * 4;
        x4.intoMemorySegment(d, c4, ORDER);
        y4.intoMemorySegment(d, c4 + WIDTH * 4, ORDER);
        z4.intoMemorySegment(d, c4 + 2 * WIDTH * 4, ORDER);
        w4.intoMemorySegment(d, c4 + 3 * WIDTH * 4, ORDER);
        long c5 = (c.at() + cRows[row + 5]) * 4;
        x5.intoMemorySegment(d, c5, ORDER);
        y5.intoMemorySegment(d, c5 + WIDTH * 4, ORDER);
        z5.intoMemorySegment(d, c5 + 2 * WIDTH * 4, ORDER);
        w5.intoMemorySegment(d, c5 + 3 * WIDTH * 4, ORDER);
    }
}
