package org.jmoco.tensor.ops.random;

import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.TornadoKernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

final class AdvanceRandomTornado implements TornadoKernel<AdvanceRandom> {
    @Override
    public void emit(AdvanceRandom op, Args a, Launches gpu) {
        gpu.launch("random.advance", AdvanceRandomTornado::onOneThread, Grid.threads(1), a.in(0), a.out());
    }

    static void onOneThread(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        if (c.globalIdx == 0) {
            int x = arg.get(0);
            int y = arg.get(1);
            int low = ints.get(x + 2) + 1;
            int high = ints.get(x + 3);
            ints.set(y, ints.get(x));
            ints.set(y + 1, ints.get(x + 1));
            ints.set(y + 2, low);
            ints.set(y + 3, low == 0 ? high + 1 : high);
        }
    }
}
