package org.jmoco.tensor.ops.shape;

import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.Moves;
import org.jmoco.tensor.backend.tornado.TornadoKernel;

final class ConcatTornado implements TornadoKernel<Concat> {
    @Override
    public void emit(Concat op, Args a, Launches gpu) {
        int[] strides = Moves.strides(a.outShape());
        int at = a.out();
        for (int i = 0; i < a.operands(); i++) {
            Moves.copy(gpu, a.floats(), a.in(i), Moves.strides(a.shape(i)), at, strides, a.shape(i));
            at += a.shape(i).dim(op.axis()) * strides[op.axis()];
        }
    }
}
