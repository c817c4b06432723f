package org.jmoco.tensor.ops.norm;

import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Groups;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.TornadoKernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

final class L2NormalizeGradientTornado implements TornadoKernel<L2NormalizeGradient> {
    @Override
    public void emit(L2NormalizeGradient op, Args a, Launches gpu) {
        if (a.size() > 0) {
            gpu.launch(
                    "norm.l2NormalizeGradient",
                    L2NormalizeGradientTornado::rowPerGroup,
                    Grid.groups(a.outShape().dim(0)),
                    a.in(0),
                    a.in(1),
                    a.in(2),
                    a.out(),
                    a.outShape().dim(1),
                    gpu.constant(op.epsilon()));
        }
    }

    static void rowPerGroup(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int d = arg.get(4);
        int row = c.groupIdx * d;
        float squares = 0f;
        float product = 0f;
        for (int j = c.localIdx; j < d; j += 256) {
            float v = mem.get(arg.get(1) + row + j);
            squares += v * v;
            product += mem.get(arg.get(2) + row + j) * mem.get(arg.get(0) + row + j);
        }
        float length = TornadoMath.sqrt(Groups.sum(c, squares));
        float along = Groups.sum(c, product);
        float epsilon = mem.get(arg.get(5));
        float divisor = length > epsilon ? length : epsilon;
        float share = length > epsilon ? along : 0f;
        for (int j = c.localIdx; j < d; j += 256) {
            mem.set(
                    arg.get(3) + row + j,
                    (mem.get(arg.get(0) + row + j) - mem.get(arg.get(2) + row + j) * share) / divisor);
        }
    }
}
