package org.jmoco.tensor.ops.pool;

import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.TornadoKernel;

final class AvgPool2dTornado implements TornadoKernel<AvgPool2d> {
    @Override
    public void emit(AvgPool2d op, Args a, Launches gpu) {
        AveragesTornado.means(
                gpu,
                a.in(0),
                a.shape(0),
                a.out(),
                a.outShape(),
                op.window().kernel(),
                op.window().stride(),
                op.window().padding());
    }
}
