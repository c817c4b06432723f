package org.jmoco.tensor.ops.shape;

import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.Moves;
import org.jmoco.tensor.backend.tornado.TornadoKernel;

final class PadTornado implements TornadoKernel<Pad> {
    @Override
    public void emit(Pad op, Args a, Launches gpu) {
        int[] strides = Moves.strides(a.outShape());
        Moves.clear(gpu, a.floats(), a.out(), a.size());
        Moves.copy(
                gpu,
                a.floats(),
                a.in(0),
                Moves.strides(a.shape(0)),
                a.out() + op.before() * strides[op.axis()],
                strides,
                a.shape(0));
    }
}
