package org.jmoco.tensor.ops.elementwise;

import org.jmoco.tensor.backend.tornado.FarKernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

final class ReluTornado extends UnaryTornado<Relu> {
    @Override
    FarKernel kernel() {
        return ReluTornado::perElement;
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
        if (i < arg.get(2)) {
            float x = a.get(arg.get(0) + i);
            result.set(arg.get(1) + i, x < 0 ? 0f : x);
        }
    }
}
