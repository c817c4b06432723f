package org.jmoco.tensor.ops.shape;

import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.TornadoKernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
/// One thread an element of the result looks through all row numbers, so that sums are added in the order of the rows.

final class ScatterAddRowsTornado implements TornadoKernel<ScatterAddRows> {
    /// The argument block: x, rows, y, elements of y, elements of a row, rows of x, rows of y, where to report a fault.
    @Override
    public void emit(ScatterAddRows op, Args a, Launches gpu) {
        int fault = gpu.fault("scatterAddRows: a row number is outside the rows 0 to " + (op.count() - 1));
        int m = a.shape(1).dim(0);
        int row = Math.toIntExact(a.outShape().size(1, a.outShape().rank()));
        gpu.launch(
                "rows.checkNumbers",
                ScatterAddRowsTornado::checkPerNumber,
                Grid.threads(m),
                a.in(1),
                m,
                op.count(),
                fault);
        if (a.size() > 0) {
            gpu.launch(
                    "rows.scatterAdd",
                    ScatterAddRowsTornado::sumPerElement,
                    Grid.threads(a.size()),
                    a.in(0),
                    a.in(1),
                    a.out(),
                    a.size(),
                    row,
                    m);
        }
    }

    static void checkPerNumber(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(1)) {
            int row = ints.get(arg.get(0) + i);
            if (row < 0 || row >= arg.get(2)) {
                ints.set(0, arg.get(3));
            }
        }
    }

    static void sumPerElement(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(3)) {
            int row = arg.get(4);
            int target = i / row;
            int column = i % row;
            float sum = 0f;
            for (int r = 0; r < arg.get(5); r++) {
                if (ints.get(arg.get(1) + r) == target) {
                    sum += mem.get(arg.get(0) + r * row + column);
                }
            }
            mem.set(arg.get(2) + i, sum);
        }
    }
}
