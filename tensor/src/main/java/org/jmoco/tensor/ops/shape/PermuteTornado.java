package org.jmoco.tensor.ops.shape;

import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.Moves;
import org.jmoco.tensor.backend.tornado.TornadoKernel;

final class PermuteTornado implements TornadoKernel<Permute> {
    @Override
    public void emit(Permute op, Args a, Launches gpu) {
        int[] x = Moves.strides(a.shape(0));
        int[] strides = op.axes().stream().mapToInt(axis -> x[axis]).toArray();
        Moves.copy(gpu, a.floats(), a.in(0), strides, a.out(), Moves.strides(a.outShape()), a.outShape());
    }
}
