package org.jmoco.tensor;

import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.Moves;
import org.jmoco.tensor.backend.tornado.TornadoKernel;

final class WriteWindowTornado implements TornadoKernel<WriteWindow> {
    @Override
    public void emit(WriteWindow op, Args a, Launches gpu) {
        Moves.copy(gpu, a.floats(), a.in(0), a.out(), a.size());
        Moves.copy(
                gpu,
                a.floats(),
                a.in(1),
                a.out() + op.variable().offset(),
                a.shape(1).size());
    }
}
