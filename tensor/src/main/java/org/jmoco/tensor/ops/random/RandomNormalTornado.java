package org.jmoco.tensor.ops.random;

import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.TornadoKernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

final class RandomNormalTornado implements TornadoKernel<RandomNormal> {
    @Override
    public void emit(RandomNormal op, Args a, Launches gpu) {
        if (a.size() > 0) {
            gpu.launch(
                    "random.normal",
                    RandomNormalTornado::perElement,
                    Grid.threads(a.size()),
                    a.in(0),
                    a.out(),
                    a.size(),
                    op.stream());
        }
    }

    static void perElement(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(2)) {
            int pair = i & -2;
            float v = (float) (PhiloxTornado.bits(ints, arg.get(0), arg.get(3), pair) + 1) * 0x1p-24f;
            float u = (float) PhiloxTornado.bits(ints, arg.get(0), arg.get(3), pair + 1) * 0x1p-24f;
            float radius = TornadoMath.sqrt(-2f * TornadoMath.log(v));
            int quarter = (int) (4f * u + 0.5f);
            mem.set(arg.get(1) + i, radius * wave(4f * u - (float) quarter, quarter + ((i & 1) == 0 ? 1 : 0)));
        }
    }

    /// The sine of `rest` quarter turns, |rest| ≤ ½, and `quarters` whole ones, by the polynomials of [Turn].
    static float wave(float rest, int quarters) {
        float x = rest * 1.5707964f;
        float z = x * x;
        float sine = x + z * x * (-0.16666667f + z * (0.008333334f + z * (-1.9841270e-4f + z * 2.7557319e-6f)));
        float cosine = 1f + z * (-0.5f + z * (0.041666668f + z * (-0.0013888889f + z * 2.4801588e-5f)));
        float y = (quarters & 1) == 0 ? sine : cosine;
        return (quarters & 2) == 0 ? y : -y;
    }
}
