package org.jmoco.tensor.ops.loss;

import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.TornadoKernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

final class SigmoidCrossEntropyTornado implements TornadoKernel<SigmoidCrossEntropy> {
    /// The argument block: logits, targets, loss, elements.
    @Override
    public void emit(SigmoidCrossEntropy op, Args a, Launches gpu) {
        if (a.size() > 0) {
            gpu.launch(
                    "loss.sigmoidCrossEntropy",
                    SigmoidCrossEntropyTornado::lossPerElement,
                    Grid.threads(a.size()),
                    a.in(0),
                    a.in(1),
                    a.out(),
                    a.size());
        }
    }

    static void lossPerElement(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(3)) {
            float x = mem.get(arg.get(0) + i);
            float e = TornadoMath.exp(-TornadoMath.abs(x));
            float u = 1f + e;
            float gap = u - 1f; // what of e is left in the rounded 1 + e
            float rest = gap == 0f ? e : TornadoMath.log(u) * (e / gap);
            mem.set(arg.get(2) + i, (x < 0f ? 0f : x) - x * mem.get(arg.get(1) + i) + rest);
        }
    }
}
