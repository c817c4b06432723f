package org.jmoco.tensor.ops.pool;

import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.TornadoKernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

final class MaxPool2dTornado implements TornadoKernel<MaxPool2d> {
    /// The argument block: x, y, elements, h, w, c, oh, ow, kernel, stride, padding.
    @Override
    public void emit(MaxPool2d op, Args a, Launches gpu) {
        Shape x = a.shape(0);
        Shape y = a.outShape();
        if (a.size() > 0) {
            gpu.launch(
                    "pool.maxPool2d",
                    MaxPool2dTornado::perOutput,
                    Grid.threads(a.size()),
                    a.arenas(0),
                    a.in(0),
                    a.out(),
                    a.size(),
                    x.dim(1),
                    x.dim(2),
                    x.dim(3),
                    y.dim(1),
                    y.dim(2),
                    op.window().kernel(),
                    op.window().stride(),
                    op.window().padding());
        }
    }

    @Override
    public boolean anywhere(MaxPool2d op, int operand) {
        return true;
    }

    static void perOutput(
            KernelContext c,
            FloatArray mem,
            FloatArray a,
            FloatArray b,
            FloatArray e,
            FloatArray result,
            IntArray ints,
            IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(2)) {
            int channels = arg.get(5);
            int channel = i % channels;
            int ox = i / channels % arg.get(7);
            int row = i / channels / arg.get(7);
            int oy = row % arg.get(6);
            int image = row / arg.get(6);
            int y0 = oy * arg.get(9) - arg.get(10);
            int x0 = ox * arg.get(9) - arg.get(10);
            int first = 1;
            float most = 0f;
            for (int ky = 0; ky < arg.get(8); ky++) {
                for (int kx = 0; kx < arg.get(8); kx++) {
                    int iy = y0 + ky;
                    int ix = x0 + kx;
                    if (iy >= 0 && iy < arg.get(3) && ix >= 0 && ix < arg.get(4)) {
                        float v =
                                a.get(arg.get(0) + ((image * arg.get(3) + iy) * arg.get(4) + ix) * channels + channel);
                        if (first == 1 || !(v <= most)) { // NaN wins, and stays
                            if (first == 1 || most <= most + 0f) {
                                most = v;
                            }
                            first = 0;
                        }
                    }
                }
            }
            result.set(arg.get(1) + i, most);
        }
    }
}
