package org.jmoco.tensor.backend.jvm;

import static org.jmoco.tensor.backend.jvm.PlainLanes.get;
import static org.jmoco.tensor.backend.jvm.PlainLanes.set;

import java.lang.foreign.MemorySegment;

/// The [MicroKernel] without the Vector API: 4 × 4 in local variables.
final class PlainKernel extends MicroKernel {
    PlainKernel() {
        super(4, 4);
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
        for (int r = 0; r < 4; r++) {
            float s0 = 0;
            float s1 = 0;
            float s2 = 0;
            float s3 = 0;
            for (int k = 0; k < count; k++) {
                float left = get(a, aAt + r * rowStride + k * kStride);
                long right = bAt + 4L * k;
                s0 = Math.fma(left, get(b, right), s0);
                s1 = Math.fma(left, get(b, right + 1), s1);
                s2 = Math.fma(left, get(b, right + 2), s2);
                s3 = Math.fma(left, get(b, right + 3), s3);
            }
            long row = cAt + r * cStride;
            set(c, row, accumulate ? get(c, row) + s0 : s0);
            set(c, row + 1, accumulate ? get(c, row + 1) + s1 : s1);
            set(c, row + 2, accumulate ? get(c, row + 2) + s2 : s2);
            set(c, row + 3, accumulate ? get(c, row + 3) + s3 : s3);
        }
    }
}
