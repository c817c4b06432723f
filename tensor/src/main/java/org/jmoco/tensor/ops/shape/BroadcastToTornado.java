package org.jmoco.tensor.ops.shape;

import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.Moves;
import org.jmoco.tensor.backend.tornado.TornadoKernel;

final class BroadcastToTornado implements TornadoKernel<BroadcastTo> {
    @Override
    public void emit(BroadcastTo op, Args a, Launches gpu) {
        Shape x = a.shape(0);
        Shape y = a.outShape();
        int[] strides = new int[y.rank()];
        for (int axis = 0; axis < x.rank(); axis++) {
            strides[axis + y.rank() - x.rank()] = x.dim(axis) == 1 ? 0 : Math.toIntExact(x.size(axis + 1, x.rank()));
        }
        Moves.copy(gpu, a.floats(), a.in(0), strides, a.out(), Moves.strides(y), y);
    }
}
