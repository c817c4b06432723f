package org.jmoco.tensor.ops.elementwise;

import org.jmoco.tensor.backend.tornado.FarKernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

final class ReluGradientTornado extends BinaryTornado<ReluGradient> {
    @Override
    FarKernel kernel() {
        return ReluGradientTornado::perElement;
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
        if (i < arg.get(3)) {
            float left = a.get(left(arg, i));
            float right = b.get(right(arg, i));
            result.set(arg.get(2) + i, right > 0 ? left : 0f);
        }
    }
}
