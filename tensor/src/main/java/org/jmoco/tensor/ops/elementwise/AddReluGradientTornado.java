package org.jmoco.tensor.ops.elementwise;

import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.TornadoKernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

final class AddReluGradientTornado implements TornadoKernel<AddReluGradient> {
    @Override
    public void emit(AddReluGradient op, Args a, Launches gpu) {
        if (a.size() > 0) {
            gpu.launch(
                    "elementwise.addReluGradient",
                    AddReluGradientTornado::perElement,
                    Grid.threads(a.size()),
                    a.arenas(0, 1, 2),
                    a.in(0),
                    a.in(1),
                    a.in(2),
                    a.out(),
                    a.size());
        }
    }

    @Override
    public boolean anywhere(AddReluGradient op, int operand) {
        return true;
    }

    static void perElement(
            KernelContext c,
            FloatArray mem,
            FloatArray a,
            FloatArray b,
            FloatArray e,
            FloatArray result,
            IntArray ints,
            IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(4)) {
            float sum = a.get(arg.get(0) + i) + b.get(arg.get(1) + i);
            result.set(arg.get(3) + i, e.get(arg.get(2) + i) > 0f ? sum : 0f);
        }
    }
}
