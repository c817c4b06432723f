package org.jmoco.tensor.ops.random;

import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.TornadoKernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

final class RandomUniformTornado implements TornadoKernel<RandomUniform> {
    @Override
    public void emit(RandomUniform op, Args a, Launches gpu) {
        if (a.size() > 0) {
            gpu.launch(
                    "random.uniform",
                    RandomUniformTornado::perElement,
                    Grid.threads(a.size()),
                    a.in(0),
                    a.out(),
                    a.size(),
                    op.stream());
        }
    }

    static void perElement(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(2)) {
            mem.set(arg.get(1) + i, (float) PhiloxTornado.bits(ints, arg.get(0), arg.get(3), i) * 0x1p-24f);
        }
    }
}
