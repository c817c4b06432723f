package org.jmoco.tensor.ops.shape;

import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.Moves;
import org.jmoco.tensor.backend.tornado.TornadoKernel;

final class SliceTornado implements TornadoKernel<Slice> {
    @Override
    public void emit(Slice op, Args a, Launches gpu) {
        int[] strides = Moves.strides(a.shape(0));
        Moves.copy(
                gpu,
                a.floats(),
                a.in(0) + op.start() * strides[op.axis()],
                strides,
                a.out(),
                Moves.strides(a.outShape()),
                a.outShape());
    }
}
