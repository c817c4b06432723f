package org.jmoco.tensor.ops.elementwise;

import org.jmoco.tensor.backend.tornado.Kernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

final class SqrtTornado extends UnaryTornado<Sqrt> {
    @Override
    Kernel kernel() {
        return SqrtTornado::perElement;
    }

    static void perElement(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(2)) {
            float x = mem.get(arg.get(0) + i);
            mem.set(arg.get(1) + i, TornadoMath.sqrt(x));
        }
    }
}
