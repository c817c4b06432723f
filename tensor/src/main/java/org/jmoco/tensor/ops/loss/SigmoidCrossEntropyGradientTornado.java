package org.jmoco.tensor.ops.loss;

import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.TornadoKernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

final class SigmoidCrossEntropyGradientTornado implements TornadoKernel<SigmoidCrossEntropyGradient> {
    /// The argument block: logits, targets, dloss, dlogits, elements.
    @Override
    public void emit(SigmoidCrossEntropyGradient op, Args a, Launches gpu) {
        if (a.size() > 0) {
            gpu.launch(
                    "loss.sigmoidCrossEntropyGradient",
                    SigmoidCrossEntropyGradientTornado::gradientPerElement,
                    Grid.threads(a.size()),
                    a.in(0),
                    a.in(1),
                    a.in(2),
                    a.out(),
                    a.size());
        }
    }

    static void gradientPerElement(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(4)) {
            float x = mem.get(arg.get(0) + i);
            float e = TornadoMath.exp(-TornadoMath.abs(x));
            float sigmoid = (x < 0f ? e : 1f) / (1f + e);
            mem.set(arg.get(3) + i, (sigmoid - mem.get(arg.get(1) + i)) * mem.get(arg.get(2) + i));
        }
    }
}
