package org.jmoco.tensor.ops.image;

import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.TornadoKernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

final class ZeroOutsideTornado implements TornadoKernel<ZeroOutside> {
    /// The argument block: x, extents, y, elements, h, w, c.
    @Override
    public void emit(ZeroOutside op, Args a, Launches gpu) {
        if (a.size() > 0) {
            gpu.launch(
                    "image.zeroOutside",
                    ZeroOutsideTornado::perElement,
                    Grid.threads(a.size()),
                    a.in(0),
                    a.in(1),
                    a.out(),
                    a.size(),
                    a.outShape().dim(1),
                    a.outShape().dim(2),
                    a.outShape().dim(3));
        }
    }

    static void perElement(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(3)) {
            int pixel = i / arg.get(6);
            int x = pixel % arg.get(5);
            int y = pixel / arg.get(5) % arg.get(4);
            int extents = arg.get(1) + pixel / arg.get(5) / arg.get(4) * 2;
            boolean inside = y < ints.get(extents) && x < ints.get(extents + 1);
            mem.set(arg.get(2) + i, inside ? mem.get(arg.get(0) + i) : 0f);
        }
    }
}
