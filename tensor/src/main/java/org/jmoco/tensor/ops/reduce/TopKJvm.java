package org.jmoco.tensor.ops.reduce;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

/// A heap of the `k` best so far, the worst of them on top. A candidate is one long, value above position, so that
/// the order of longs is the order wanted and no two are equal.
final class TopKJvm implements JvmKernel<TopK> {
    private static final int CHUNK = 16_384;

    @Override
    public void run(TopK op, Args args, Workers workers) {
        Shape x = args.shape(0);
        int n = x.dim(-1);
        int k = op.k();
        workers.forRange(x.size() / n, Math.max(1, CHUNK / n), (from, to) -> {
            long[] heap = new long[k];
            for (long r = from; r < to; r++) {
                select(args.in(0), r * n, n, heap);
                Arrays.sort(heap);
                for (int i = 0; i < k; i++) {
                    args.out().setAtIndex(ValueLayout.JAVA_INT, r * k + i, ~(int) heap[k - 1 - i]);
                }
            }
        });
    }

    private static void select(MemorySegment x, long at, int n, long... heap) {
        int k = heap.length;
        for (int i = 0; i < k; i++) {
            heap[i] = candidate(x, at, i);
        }
        for (int i = k / 2 - 1; i >= 0; i--) {
            sink(heap, i);
        }
        for (int i = k; i < n; i++) {
            long candidate = candidate(x, at, i);
            if (candidate > heap[0]) {
                heap[0] = candidate;
                sink(heap, 0);
            }
        }
    }

    private static long candidate(MemorySegment x, long at, int i) {
        int bits = Float.floatToIntBits(x.getAtIndex(ValueLayout.JAVA_FLOAT, at + i) + 0f); // + 0 makes −0 equal to 0
        int ordered = bits ^ (bits >> 31 & Integer.MAX_VALUE); // as integers in the order of the floats
        return (long) ordered << 32 | ~i & 0xFFFFFFFFL; // the first position is the best
    }

    private static void sink(long[] heap, int start) {
        long value = heap[start];
        int i = start;
        for (int child = 2 * i + 1; child < heap.length; child = 2 * i + 1) {
            if (child + 1 < heap.length && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= value) {
                break;
            }
            heap[i] = heap[child];
            i = child;
        }
        heap[i] = value;
    }

    @Override
    public OpExample example() {
        return OpExample.of(new TopK(5)).floats(256, 1_000);
    }
}
