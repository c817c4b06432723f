package org.jmoco.tensor.ops.shape;

import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.Moves;
import org.jmoco.tensor.backend.tornado.TornadoKernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

final class WriteSliceTornado implements TornadoKernel<WriteSlice> {
    /// The argument block: rows, result, elements written, offset, elements of a row, largest offset, where to
    /// report a fault.
    @Override
    public void emit(WriteSlice op, Args a, Launches gpu) {
        Shape rows = a.shape(1);
        int last = a.outShape().dim(0) - rows.dim(0);
        int fault = gpu.fault("writeSlice: the offset is outside 0 to " + last);
        Moves.copy(gpu, a.floats(), a.in(0), a.out(), a.size());
        int row = Math.toIntExact(rows.size(1, rows.rank()));
        gpu.launch(
                a.floats() ? "rows.writeFloats" : "rows.writeInts",
                a.floats() ? WriteSliceTornado::floatPerThread : WriteSliceTornado::intPerThread,
                Grid.threads(rows.size()),
                a.in(1),
                a.out(),
                Math.toIntExact(rows.size()),
                a.in(2),
                row,
                last,
                fault);
    }

    static void floatPerThread(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        int offset = ints.get(arg.get(3));
        if (offset < 0 || offset > arg.get(5)) {
            ints.set(0, arg.get(6));
        } else if (i < arg.get(2)) {
            mem.set(arg.get(1) + offset * arg.get(4) + i, mem.get(arg.get(0) + i));
        }
    }

    static void intPerThread(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        int offset = ints.get(arg.get(3));
        if (offset < 0 || offset > arg.get(5)) {
            ints.set(0, arg.get(6));
        } else if (i < arg.get(2)) {
            ints.set(arg.get(1) + offset * arg.get(4) + i, ints.get(arg.get(0) + i));
        }
    }
}
