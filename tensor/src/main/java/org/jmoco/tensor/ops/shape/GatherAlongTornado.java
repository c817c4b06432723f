package org.jmoco.tensor.ops.shape;

import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.TornadoKernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

final class GatherAlongTornado implements TornadoKernel<GatherAlong> {
    /// The argument block: x, positions, y, elements of y, inner extent, extent of y's axis, extent of x's axis,
    /// where to report a fault.
    @Override
    public void emit(GatherAlong op, Args a, Launches gpu) {
        Shape x = a.shape(0);
        int axis = x.axis(op.axis());
        int fault = gpu.fault("gatherAlong: a position is outside 0 to " + (x.dim(axis) - 1));
        if (a.size() > 0) {
            gpu.launch(
                    a.floats() ? "rows.gatherFloatsAlong" : "rows.gatherIntsAlong",
                    a.floats() ? GatherAlongTornado::floatPerThread : GatherAlongTornado::intPerThread,
                    Grid.threads(a.size()),
                    a.in(0),
                    a.in(1),
                    a.out(),
                    a.size(),
                    Math.toIntExact(x.size(axis + 1, x.rank())),
                    a.outShape().dim(axis),
                    x.dim(axis),
                    fault);
        }
    }

    static void floatPerThread(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(3)) {
            int inner = arg.get(4);
            int from = ints.get(arg.get(1) + i);
            if (from < 0 || from >= arg.get(6)) {
                ints.set(0, arg.get(7));
            } else {
                mem.set(
                        arg.get(2) + i,
                        mem.get(arg.get(0) + (i / inner / arg.get(5) * arg.get(6) + from) * inner + i % inner));
            }
        }
    }

    static void intPerThread(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(3)) {
            int inner = arg.get(4);
            int from = ints.get(arg.get(1) + i);
            if (from < 0 || from >= arg.get(6)) {
                ints.set(0, arg.get(7));
            } else {
                ints.set(
                        arg.get(2) + i,
                        ints.get(arg.get(0) + (i / inner / arg.get(5) * arg.get(6) + from) * inner + i % inner));
            }
        }
    }
}
