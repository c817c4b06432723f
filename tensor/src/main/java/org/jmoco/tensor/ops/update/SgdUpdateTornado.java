package org.jmoco.tensor.ops.update;

import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.Moves;
import org.jmoco.tensor.backend.tornado.TornadoKernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

final class SgdUpdateTornado implements TornadoKernel<SgdUpdate> {
    /// The argument block: first parameter and its buffer before and after the step, gradients, how many, learning
    /// rate, momentum, weight decay, parts, 1 for Nesterov.
    @Override
    public void emit(SgdUpdate op, Args a, Launches gpu) {
        int n = Math.toIntExact(a.shape(1).size());
        if (n > 0) {
            int first = op.first();
            int buffers = Math.toIntExact(a.shape(0).size() / 2) + first;
            if (n < a.shape(0).size() / 2) {
                Moves.copy(gpu, true, a.in(0), a.out(), a.size());
            }
            gpu.launch(
                    "update.sgdUpdate",
                    SgdUpdateTornado::perParameter,
                    Grid.threads(n),
                    a.in(0) + first,
                    a.in(0) + buffers,
                    a.out() + first,
                    a.out() + buffers,
                    a.in(1),
                    n,
                    a.in(2),
                    gpu.constant(op.momentum()),
                    gpu.constant(op.weightDecay()),
                    gpu.constant(op.parts()),
                    op.nesterov() ? 1 : 0);
        }
    }

    static void perParameter(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(5)) {
            float momentum = mem.get(arg.get(7));
            float weight = mem.get(arg.get(0) + i);
            float gradient = mem.get(arg.get(4) + i) / mem.get(arg.get(9)) + mem.get(arg.get(8)) * weight;
            float velocity = momentum * mem.get(arg.get(1) + i) + gradient;
            float direction = velocity;
            if (arg.get(10) == 1) {
                direction = gradient + momentum * velocity;
            }
            mem.set(arg.get(3) + i, velocity);
            mem.set(arg.get(2) + i, weight - mem.get(arg.get(6)) * direction);
        }
    }
}
