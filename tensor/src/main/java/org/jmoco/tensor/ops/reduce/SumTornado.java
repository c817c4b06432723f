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
/// `[outer, axis, inner]`. A long axis is cut into chunks, whose sums are added in a second launch. Where inner is
/// 1 a work-group sums each chunk; else one thread sums a chunk of a column, and neighbouring threads read
/// neighbouring columns.

final class SumTornado implements TornadoKernel<Sum> {
    private static final int ROW_CHUNK = 8_192;
    private static final int COLUMN_CHUNK = 128;

    private static int chunks(Shape x, int axis) {
        int chunk = x.size(axis + 1, x.rank()) == 1 ? ROW_CHUNK : COLUMN_CHUNK;
        return Math.max(1, (x.dim(axis) + chunk - 1) / chunk);
    }

    @Override
    public long scratch(Sum op, Node call, Profile profile) {
        int chunks = chunks(call.input(0).shape(), op.axis());
        return chunks == 1 ? 0 : chunks * call.shape().size();
    }

    @Override
    public void emit(Sum op, Args a, Launches gpu) {
        Shape x = a.shape(0);
        int axis = op.axis();
        int outer = Math.toIntExact(x.size(0, axis));
        int n = x.dim(axis);
        int inner = Math.toIntExact(x.size(axis + 1, x.rank()));
        int chunks = chunks(x, axis);
        if (a.size() == 0) {
            return;
        }
        if (chunks == 1) {
            sums(gpu, a.in(0), a.out(), outer, n, inner, Math.max(1, n), 1);
        } else {
            sums(gpu, a.in(0), a.scratch(), outer, n, inner, inner == 1 ? ROW_CHUNK : COLUMN_CHUNK, chunks);
            sums(gpu, a.scratch(), a.out(), outer, chunks, inner, chunks, 1);
        }
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
