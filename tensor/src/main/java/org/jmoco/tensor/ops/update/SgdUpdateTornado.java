package org.jmoco.tensor.ops.update;

import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.TornadoKernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

final class SgdUpdateTornado implements TornadoKernel<SgdUpdate> {
    /// The argument block: state, gradients, learning rate, result, parameters, momentum, weight decay, 1 for Nesterov.
    @Override
    public void emit(SgdUpdate op, Args a, Launches gpu) {
        int n = Math.toIntExact(a.shape(1).size());
        if (n > 0) {
            gpu.launch(
                    "update.sgdUpdate",
                    SgdUpdateTornado::perParameter,
                    Grid.threads(n),
                    a.in(0),
                    a.in(1),
                    a.in(2),
                    a.out(),
                    n,
                    gpu.constant(op.momentum()),
                    gpu.constant(op.weightDecay()),
                    op.nesterov() ? 1 : 0);
        }
    }

    static void perParameter(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        int n = arg.get(4);
        if (i < n) {
            float momentum = mem.get(arg.get(5));
            float weight = mem.get(arg.get(0) + i);
            float gradient = mem.get(arg.get(1) + i) + mem.get(arg.get(6)) * weight;
            float velocity = momentum * mem.get(arg.get(0) + n + i) + gradient;
            float direction = velocity;
            if (arg.get(7) == 1) {
                direction = gradient + momentum * velocity;
            }
            mem.set(arg.get(3) + n + i, velocity);
            mem.set(arg.get(3) + i, weight - mem.get(arg.get(2)) * direction);
        }
    }
}
