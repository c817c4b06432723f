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

final class L2NormalizeTornado implements TornadoKernel<L2Normalize> {
    @Override
    public void emit(L2Normalize op, Args a, Launches gpu) {
        if (a.size() > 0) {
            gpu.launch(
                    "norm.l2Normalize",
                    L2NormalizeTornado::rowPerGroup,
                    Grid.groups(a.outShape().dim(0)),
                    a.in(0),
                    a.out(),
                    a.outShape().dim(1),
                    gpu.constant(op.epsilon()));
        }
    }

    static void rowPerGroup(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int d = arg.get(2);
        int x = arg.get(0) + c.groupIdx * d;
        int y = arg.get(1) + c.groupIdx * d;
        float squares = 0f;
        for (int j = c.localIdx; j < d; j += 256) {
            float v = mem.get(x + j);
            squares += v * v;
        }
        float length = TornadoMath.sqrt(Groups.sum(c, squares));
        float epsilon = mem.get(arg.get(3));
        float divisor = length > epsilon ? length : epsilon;
        for (int j = c.localIdx; j < d; j += 256) {
            mem.set(y + j, mem.get(x + j) / divisor);
        }
    }
}
