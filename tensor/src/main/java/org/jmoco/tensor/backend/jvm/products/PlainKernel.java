package org.jmoco.tensor.backend.jvm.products;

import static org.jmoco.tensor.backend.jvm.lanes.Element.get;
import static org.jmoco.tensor.backend.jvm.lanes.Element.set;

import java.lang.foreign.MemorySegment;

/// The [MicroKernel] without the Vector API: 4 × 4 in local variables.
final class PlainKernel extends MicroKernel {
    PlainKernel() {
        super(4, 4);
    }

    @Override
    void run(Left left, int row, Right right, Rows start, Rows c) {
        MemorySegment a = left.data();
        MemorySegment b = right.data();
        int[] runs = left.runs();
        int count = left.count();
        int kStride = left.kStride();
        long stride = right.stride();
        for (int r = row; r < row + 4; r++) {
            if (r > row && c.rows()[r] == c.rows()[r - 1]) {
                return; // a copy of the last row
            }
            float s0 = 0;
            float s1 = 0;
            float s2 = 0;
            float s3 = 0;
            for (int u = 0; u < runs.length; u++) {
                long ak = left.at() + left.rows()[r] + runs[u];
                long bk = right.at() + (long) u * count * stride;
                for (int k = 0; k < count; k++) {
                    float x = get(a, ak + (long) k * kStride);
                    s0 = Math.fma(x, get(b, bk + stride * k), s0);
                    s1 = Math.fma(x, get(b, bk + stride * k + 1), s1);
                    s2 = Math.fma(x, get(b, bk + stride * k + 2), s2);
                    s3 = Math.fma(x, get(b, bk + stride * k + 3), s3);
                }
            }
            long from = start.at() + start.rows()[r];
            long to = c.at() + c.rows()[r];
            set(c.data(), to, get(start.data(), from) + s0);
            set(c.data(), to + 1, get(start.data(), from + 1) + s1);
            set(c.data(), to + 2, get(start.data(), from + 2) + s2);
            set(c.data(), to + 3, get(start.data(), from + 3) + s3);
        }
    }
}
