package org.jmoco.tensor.ops.reduce;

import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.TornadoKernel;

final class MaxTornado implements TornadoKernel<Max> {
    @Override
    public void emit(Max op, Args a, Launches gpu) {
        LargestTornado.along(gpu, a.in(0), a.shape(0), op.axis(), a.out(), false);
    }
}
