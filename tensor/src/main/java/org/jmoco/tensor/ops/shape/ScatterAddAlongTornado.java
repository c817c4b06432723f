package org.jmoco.tensor.ops.shape;

import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.TornadoKernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
/// One thread an element of the result looks through the positions of its line, so that sums are added in their order.

final class ScatterAddAlongTornado implements TornadoKernel<ScatterAddAlong> {
    /// The argument block: x, positions, y, elements of y, inner extent, extent of x's axis, extent of y's axis.
    @Override
    public void emit(ScatterAddAlong op, Args a, Launches gpu) {
        Shape x = a.shape(0);
        int axis = x.axis(op.axis());
        int fault = gpu.fault("scatterAddAlong: a position is outside 0 to " + (op.extent() - 1));
        gpu.launch(
                "rows.checkNumbers",
                ScatterAddRowsTornado::checkPerNumber,
                Grid.threads(x.size()),
                a.in(1),
                Math.toIntExact(x.size()),
                op.extent(),
                fault);
        if (a.size() > 0) {
            gpu.launch(
                    "rows.scatterAddAlong",
                    ScatterAddAlongTornado::sumPerElement,
                    Grid.threads(a.size()),
                    a.in(0),
                    a.in(1),
                    a.out(),
                    a.size(),
                    Math.toIntExact(x.size(axis + 1, x.rank())),
                    x.dim(axis),
                    op.extent());
        }
    }

    static void sumPerElement(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(3)) {
            int inner = arg.get(4);
            int target = i / inner % arg.get(6);
            int line = i / inner / arg.get(6) * arg.get(5) * inner + i % inner;
            float sum = 0f;
            for (int k = 0; k < arg.get(5); k++) {
                if (ints.get(arg.get(1) + line + k * inner) == target) {
                    sum += mem.get(arg.get(0) + line + k * inner);
                }
            }
            mem.set(arg.get(2) + i, sum);
        }
    }
}
