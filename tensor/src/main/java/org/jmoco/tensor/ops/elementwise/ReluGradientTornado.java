package org.jmoco.tensor.ops.elementwise;

import org.jmoco.tensor.backend.tornado.Kernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

final class ReluGradientTornado extends BinaryTornado<ReluGradient> {
    @Override
    Kernel kernel() {
        return ReluGradientTornado::perElement;
    }

    static void perElement(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(3)) {
            float a = mem.get(left(arg, i));
            float b = mem.get(right(arg, i));
            mem.set(arg.get(2) + i, b > 0 ? a : 0f);
        }
    }
}
