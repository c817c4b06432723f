package org.jmoco.tensor.ops.pool;

import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.TornadoKernel;

final class AvgPool2dGradientTornado implements TornadoKernel<AvgPool2dGradient> {
    @Override
    public void emit(AvgPool2dGradient op, Args a, Launches gpu) {
        AveragesTornado.spread(
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
