package org.jmoco.tensor.ops.image;

import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.TornadoKernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

final class ResizeBilinearTornado implements TornadoKernel<ResizeBilinear> {
    @Override
    public void emit(ResizeBilinear op, Args a, Launches gpu) {
        if (a.size() > 0) {
            gpu.launch(
                    "image.resizeBilinear",
                    ResizeBilinearTornado::perResult,
                    Grid.threads(a.size()),
                    block(op, a, a.shape(0)));
        }
    }

    /// The argument block of both kernels: source, target, elements of the target, h and w of the images, c, h and
    /// w of the resized ones, corners.
    static int[] block(ResizeBilinear op, Args a, Shape images) {
        return new int[] {
            a.in(0),
            a.out(),
            a.size(),
            images.dim(1),
            images.dim(2),
            images.dim(3),
            op.height(),
            op.width(),
            op.corners() ? 1 : 0
        };
    }

    /// As [ResizeBilinear#place].
    static int place(int i, int from, int to, int corners) {
        int place = corners != 0 ? i * (from - 1) : (2 * i + 1) * from - to;
        return place > 0 ? place : 0;
    }

    /// As [ResizeBilinear#unit].
    static int unit(int to, int corners) {
        return corners == 0 ? 2 * to : to > 1 ? to - 1 : 1;
    }

    static void perResult(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(2)) {
            int h = arg.get(3);
            int w = arg.get(4);
            int channels = arg.get(5);
            int pixel = i / channels;
            int unitX = unit(arg.get(7), arg.get(8));
            int unitY = unit(arg.get(6), arg.get(8));
            int placeX = place(pixel % arg.get(7), w, arg.get(7), arg.get(8));
            int placeY = place(pixel / arg.get(7) % arg.get(6), h, arg.get(6), arg.get(8));
            int x0 = placeX / unitX;
            int y0 = placeY / unitY;
            int x1 = x0 + 1 < w ? x0 + 1 : w - 1;
            int y1 = y0 + 1 < h ? y0 + 1 : h - 1;
            float fx = (float) (placeX % unitX) / (float) unitX;
            float fy = (float) (placeY % unitY) / (float) unitY;
            int base = arg.get(0) + pixel / arg.get(7) / arg.get(6) * h * w * channels + i % channels;
            float left = (1f - fy) * mem.get(base + (y0 * w + x0) * channels)
                    + fy * mem.get(base + (y1 * w + x0) * channels);
            float right = (1f - fy) * mem.get(base + (y0 * w + x1) * channels)
                    + fy * mem.get(base + (y1 * w + x1) * channels);
            mem.set(arg.get(1) + i, (1f - fx) * left + fx * right);
        }
    }
}
