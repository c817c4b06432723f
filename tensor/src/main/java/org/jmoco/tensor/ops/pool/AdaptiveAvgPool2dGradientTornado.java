package org.jmoco.tensor.ops.pool;

import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.TornadoKernel;

final class AdaptiveAvgPool2dGradientTornado implements TornadoKernel<AdaptiveAvgPool2dGradient> {
    @Override
    public void emit(AdaptiveAvgPool2dGradient op, Args a, Launches gpu) {
        AveragesTornado.spread(gpu, a.in(0), a.shape(0), a.out(), a.outShape(), 0, 0, 0);
    }
}
