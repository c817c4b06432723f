package org.jmoco.tensor.ops.pool;

import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.TornadoKernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
/// One thread an input position looks at every window that holds it and finds that window's first maximum again.

final class MaxPool2dGradientTornado implements TornadoKernel<MaxPool2dGradient> {
    /// The argument block: x, dy, dx, elements, h, w, c, oh, ow, kernel, stride, padding.
    @Override
    public void emit(MaxPool2dGradient op, Args a, Launches gpu) {
        Shape x = a.shape(0);
        Shape y = a.shape(1);
        if (a.size() > 0) {
            gpu.launch(
                    "pool.maxPool2dGradient",
                    MaxPool2dGradientTornado::perInput,
                    Grid.threads(a.size()),
                    a.arenas(0, 1),
                    a.in(0),
                    a.in(1),
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
    public boolean anywhere(MaxPool2dGradient op, int operand) {
        return true;
    }

    static void perInput(
            KernelContext c,
            FloatArray mem,
            FloatArray a,
            FloatArray b,
            FloatArray e,
            FloatArray result,
            IntArray ints,
            IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(3)) {
            int h = arg.get(4);
            int w = arg.get(5);
            int channels = arg.get(6);
            int kernel = arg.get(9);
            int stride = arg.get(10);
            int padding = arg.get(11);
            int channel = i % channels;
            int ix = i / channels % w;
            int iy = i / channels / w % h;
            int image = i / channels / w / h;
            int base = arg.get(0) + image * h * w * channels + channel;
            float sum = 0f;
            int firstY = iy + padding - kernel + 1;
            int firstX = ix + padding - kernel + 1;
            int oy0 = firstY > 0 ? (firstY + stride - 1) / stride : 0;
            int ox0 = firstX > 0 ? (firstX + stride - 1) / stride : 0;
            for (int oy = oy0; oy < arg.get(7) && oy * stride - padding <= iy; oy++) {
                for (int ox = ox0; ox < arg.get(8) && ox * stride - padding <= ix; ox++) {
                    int winner = -1;
                    float most = 0f;
                    for (int ky = 0; ky < kernel; ky++) {
                        for (int kx = 0; kx < kernel; kx++) {
                            int wy = oy * stride - padding + ky;
                            int wx = ox * stride - padding + kx;
                            if (wy >= 0 && wy < h && wx >= 0 && wx < w) {
                                float v = a.get(base + (wy * w + wx) * channels);
                                if (winner < 0 || (!(v <= most) && most <= most + 0f)) { // the first NaN wins
                                    most = v;
                                    winner = wy * w + wx;
                                }
                            }
                        }
                    }
                    if (winner == iy * w + ix) {
                        sum += b.get(arg.get(1) + ((image * arg.get(7) + oy) * arg.get(8) + ox) * channels + channel);
                    }
                }
            }
            result.set(arg.get(2) + i, sum);
        }
    }
}
