package org.jmoco.tensor.ops.shape;

import org.jmoco.tensor.DType;
import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Kernel;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.Moves;
import org.jmoco.tensor.backend.tornado.TornadoKernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

final class CastTornado implements TornadoKernel<Cast> {
    @Override
    public void emit(Cast op, Args a, Launches gpu) {
        DType from = a.node().input(0).dtype();
        int least = op.to() == DType.U8 ? 0 : Integer.MIN_VALUE;
        int most = op.to() == DType.U8 ? 255 : Integer.MAX_VALUE;
        if (from == DType.F32 && op.to() == DType.F32) {
            Moves.copy(gpu, true, a.in(0), a.out(), a.size());
        } else if (a.size() > 0) {
            String name = from == DType.F32
                    ? "cast.floatsToInts"
                    : op.to() == DType.F32 ? "cast.intsToFloats" : "cast.intsToInts";
            Kernel kernel = from == DType.F32
                    ? CastTornado::floatsToInts
                    : op.to() == DType.F32 ? CastTornado::intsToFloats : CastTornado::intsToInts;
            gpu.launch(name, kernel, Grid.threads(a.size()), a.in(0), a.out(), a.size(), least, most);
        }
    }

    /// A device leaves the conversion of what lies outside the range open, so it is decided here.
    static void floatsToInts(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(2)) {
            float x = mem.get(arg.get(0) + i);
            int least = arg.get(3);
            int most = arg.get(4);
            int y = 0;
            if (x >= (float) most) {
                y = most;
            } else if (x <= (float) least) {
                y = least;
            } else if (x > (float) least) { // not NaN
                y = (int) x;
            }
            ints.set(arg.get(1) + i, y);
        }
    }

    static void intsToFloats(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(2)) {
            mem.set(arg.get(1) + i, (float) ints.get(arg.get(0) + i));
        }
    }

    static void intsToInts(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(2)) {
            int x = ints.get(arg.get(0) + i);
            int low = x < arg.get(3) ? arg.get(3) : x;
            ints.set(arg.get(1) + i, low > arg.get(4) ? arg.get(4) : low);
        }
    }
}
