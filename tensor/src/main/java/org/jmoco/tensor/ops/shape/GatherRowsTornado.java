package org.jmoco.tensor.ops.shape;

import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.TornadoKernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

final class GatherRowsTornado implements TornadoKernel<GatherRows> {
    /// The argument block: x, rows, y, elements, elements of a row, rows of x, where to report a fault.
    @Override
    public void emit(GatherRows op, Args a, Launches gpu) {
        Shape x = a.shape(0);
        int fault = gpu.fault("gatherRows: a row number is outside the rows 0 to " + (x.dim(0) - 1));
        int m = a.shape(1).dim(0);
        int row = Math.toIntExact(x.size(1, x.rank()));
        if (m > 0) {
            gpu.launch(
                    a.floats() ? "rows.gatherFloats" : "rows.gatherInts",
                    a.floats() ? GatherRowsTornado::floatPerThread : GatherRowsTornado::intPerThread,
                    Grid.threads((long) m * Math.max(1, row)),
                    a.in(0),
                    a.in(1),
                    a.out(),
                    m,
                    row,
                    x.dim(0),
                    fault);
        }
    }

    static void floatPerThread(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        int row = arg.get(4);
        int length = row > 0 ? row : 1;
        if (i < arg.get(3) * length) {
            int from = ints.get(arg.get(1) + i / length);
            if (from < 0 || from >= arg.get(5)) {
                ints.set(0, arg.get(6));
            } else if (row > 0) {
                mem.set(arg.get(2) + i, mem.get(arg.get(0) + from * row + i % length));
            }
        }
    }

    static void intPerThread(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        int row = arg.get(4);
        int length = row > 0 ? row : 1;
        if (i < arg.get(3) * length) {
            int from = ints.get(arg.get(1) + i / length);
            if (from < 0 || from >= arg.get(5)) {
                ints.set(0, arg.get(6));
            } else if (row > 0) {
                ints.set(arg.get(2) + i, ints.get(arg.get(0) + from * row + i % length));
            }
        }
    }
}
