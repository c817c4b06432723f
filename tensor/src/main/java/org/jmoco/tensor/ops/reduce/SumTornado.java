package org.jmoco.tensor.ops.reduce;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Groups;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.Profile;
import org.jmoco.tensor.backend.tornado.TornadoKernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// `[outer, axis, inner]`. A long axis is cut into chunks, whose sums are a shorter axis for the next launch, until one
/// chunk is left. Where inner is 1 a work-group sums each chunk; else one thread sums a chunk of a column, and
/// neighbouring threads read neighbouring columns.
final class SumTornado implements TornadoKernel<Sum> {
    private static final int ROW_CHUNK = 8_192;
    private static final int COLUMN_CHUNK = 128;

    private static int chunk(int inner) {
        return inner == 1 ? ROW_CHUNK : COLUMN_CHUNK;
    }

    private static int inner(Shape x, int axis) {
        return Math.toIntExact(x.size(axis + 1, x.rank()));
    }

    @Override
    public long scratch(Sum op, Node call, Profile profile) {
        Shape x = call.input(0).shape();
        int chunk = chunk(inner(x, op.axis()));
        long sums = 0;
        for (int n = x.dim(op.axis()); n > chunk; ) {
            n = Math.ceilDiv(n, chunk);
            sums += n * call.shape().size();
        }
        return sums;
    }

    @Override
    public void emit(Sum op, Args a, Launches gpu) {
        Shape x = a.shape(0);
        int outer = Math.toIntExact(x.size(0, op.axis()));
        int n = x.dim(op.axis());
        int inner = inner(x, op.axis());
        int chunk = chunk(inner);
        if (a.size() == 0) {
            return;
        }
        int from = a.in(0);
        for (int to = a.scratch(); n > chunk; ) {
            int chunks = Math.ceilDiv(n, chunk);
            sums(gpu, from, to, outer, n, inner, chunk, chunks);
            from = to;
            to += outer * chunks * inner;
            n = chunks;
        }
        sums(gpu, from, a.out(), outer, n, inner, Math.max(1, n), 1);
    }

    /// The argument block: x, y, outer, axis, inner, chunk, chunks.
    private static void sums(Launches gpu, int x, int y, int outer, int n, int inner, int chunk, int chunks) {
        if (inner == 1) {
            gpu.launch(
                    "reduce.rowPerGroup",
                    SumTornado::rowPerGroup,
                    Grid.groups(outer * chunks),
                    x,
                    y,
                    outer,
                    n,
                    inner,
                    chunk,
                    chunks);
        } else {
            gpu.launch(
                    "reduce.columnPerThread",
                    SumTornado::columnPerThread,
                    Grid.threads((long) outer * chunks * inner),
                    x,
                    y,
                    outer,
                    n,
                    inner,
                    chunk,
                    chunks);
        }
    }

    static void rowPerGroup(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int n = arg.get(3);
        int chunk = arg.get(5);
        int chunks = arg.get(6);
        int task = c.groupIdx;
        int row = arg.get(0) + task / chunks * n;
        int from = task % chunks * chunk;
        int to = from + chunk < n ? from + chunk : n;
        float sum = 0f;
        for (int i = from + c.localIdx; i < to; i += 256) {
            sum += mem.get(row + i);
        }
        float total = Groups.sum(c, sum);
        if (c.localIdx == 0) {
            mem.set(arg.get(1) + task, total);
        }
    }

    static void columnPerThread(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        int n = arg.get(3);
        int inner = arg.get(4);
        int chunk = arg.get(5);
        int chunks = arg.get(6);
        if (i < arg.get(2) * chunks * inner) {
            int column = i % inner;
            int task = i / inner;
            int from = task % chunks * chunk;
            int to = from + chunk < n ? from + chunk : n;
            int x = arg.get(0) + task / chunks * n * inner + column;
            float sum = 0f;
            for (int r = from; r < to; r++) {
                sum += mem.get(x + r * inner);
            }
            mem.set(arg.get(1) + i, sum);
        }
    }
}
