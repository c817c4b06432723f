package org.jmoco.tensor.ops.random;

import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.TornadoKernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

final class DropoutTornado implements TornadoKernel<Dropout> {
    /// The argument block: x, state, y, elements, stream, probability, factor.
    @Override
    public void emit(Dropout op, Args a, Launches gpu) {
        if (a.size() > 0) {
            gpu.launch(
                    "random.dropout",
                    DropoutTornado::perElement,
                    Grid.threads(a.size()),
                    a.in(0),
                    a.in(1),
                    a.out(),
                    a.size(),
                    op.stream(),
                    gpu.constant(op.probability()),
                    gpu.constant(1 / (1 - op.probability())));
        }
    }

    static void perElement(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(3)) {
            float uniform = (float) PhiloxTornado.bits(ints, arg.get(1), arg.get(4), i) * 0x1p-24f;
            mem.set(
                    arg.get(2) + i,
                    uniform >= mem.get(arg.get(5)) ? mem.get(arg.get(0) + i) * mem.get(arg.get(6)) : 0f);
        }
    }
}
