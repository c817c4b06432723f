package org.jmoco.tensor.ops.update;

import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.TornadoKernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

final class MovingAverageTornado implements TornadoKernel<MovingAverage> {
    @Override
    public void emit(MovingAverage op, Args a, Launches gpu) {
        if (a.size() > 0) {
            gpu.launch(
                    "update.movingAverage",
                    MovingAverageTornado::perElement,
                    Grid.threads(a.size()),
                    a.in(0),
                    a.in(1),
                    a.out(),
                    a.size(),
                    gpu.constant(op.keep()),
                    gpu.constant(op.take()));
        }
    }

    static void perElement(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(3)) {
            float keep = mem.get(arg.get(4));
            float take = mem.get(arg.get(5));
            mem.set(arg.get(2) + i, keep * mem.get(arg.get(0) + i) + take * mem.get(arg.get(1) + i));
        }
    }
}
