package org.jmoco.tensor.ops.pool;

import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Launches;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
/// Means over windows and their gradients on a device. Window i of an axis goes from `i·stride − padding` over
/// `kernel` positions, or, where the kernel is 0, from `⌊i·s/count⌋` to `⌈(i+1)·s/count⌉`.

final class AveragesTornado {
    private AveragesTornado() {}

    /// The argument block of both: source, target, elements of the target, h, w, c, oh, ow, kernel, stride, padding.
    static void means(Launches gpu, int x, Shape xs, int y, Shape ys, int kernel, int stride, int padding) {
        if (ys.size() > 0) {
            gpu.launch(
                    "pool.mean",
                    AveragesTornado::meanPerOutput,
                    Grid.threads(ys.size()),
                    x,
                    y,
                    Math.toIntExact(ys.size()),
                    xs.dim(1),
                    xs.dim(2),
                    xs.dim(3),
                    ys.dim(1),
                    ys.dim(2),
                    kernel,
                    stride,
                    padding);
        }
    }

    static void spread(Launches gpu, int dy, Shape ys, int dx, Shape xs, int kernel, int stride, int padding) {
        if (xs.size() > 0) {
            gpu.launch(
                    "pool.spread",
                    AveragesTornado::sharePerInput,
                    Grid.threads(xs.size()),
                    dy,
                    dx,
                    Math.toIntExact(xs.size()),
                    xs.dim(1),
                    xs.dim(2),
                    xs.dim(3),
                    ys.dim(1),
                    ys.dim(2),
                    kernel,
                    stride,
                    padding);
        }
    }

    /// First position of window `i` inside the image.
    static int from(IntArray arg, int i, int size, int count) {
        int kernel = arg.get(8);
        int at = kernel == 0 ? (int) ((long) i * size / count) : i * arg.get(9) - arg.get(10);
        return at > 0 ? at : 0;
    }

    /// Position behind the last one of window `i` inside the image.
    static int to(IntArray arg, int i, int size, int count) {
        int kernel = arg.get(8);
        int at = kernel == 0
                ? (int) (((long) (i + 1) * size + count - 1) / count)
                : i * arg.get(9) - arg.get(10) + kernel;
        return at < size ? at : size;
    }

    static void meanPerOutput(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(2)) {
            int h = arg.get(3);
            int w = arg.get(4);
            int channels = arg.get(5);
            int ox = i / channels % arg.get(7);
            int oy = i / channels / arg.get(7) % arg.get(6);
            int image = i / channels / arg.get(7) / arg.get(6);
            int base = arg.get(0) + image * h * w * channels + i % channels;
            int y0 = from(arg, oy, h, arg.get(6));
            int y1 = to(arg, oy, h, arg.get(6));
            int x0 = from(arg, ox, w, arg.get(7));
            int x1 = to(arg, ox, w, arg.get(7));
            float sum = 0f;
            for (int iy = y0; iy < y1; iy++) {
                for (int ix = x0; ix < x1; ix++) {
                    sum += mem.get(base + (iy * w + ix) * channels);
                }
            }
            int divisor = arg.get(8) == 0 ? (y1 - y0) * (x1 - x0) : arg.get(8) * arg.get(8);
            mem.set(arg.get(1) + i, sum / (float) divisor);
        }
    }

    static void sharePerInput(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(2)) {
            int h = arg.get(3);
            int w = arg.get(4);
            int channels = arg.get(5);
            int oh = arg.get(6);
            int ow = arg.get(7);
            int ix = i / channels % w;
            int iy = i / channels / w % h;
            int image = i / channels / w / h;
            int base = arg.get(0) + image * oh * ow * channels + i % channels;
            float sum = 0f;
            for (int oy = 0; oy < oh; oy++) {
                int y0 = from(arg, oy, h, oh);
                int y1 = to(arg, oy, h, oh);
                if (iy >= y0 && iy < y1) {
                    for (int ox = 0; ox < ow; ox++) {
                        int x0 = from(arg, ox, w, ow);
                        int x1 = to(arg, ox, w, ow);
                        if (ix >= x0 && ix < x1) {
                            int divisor = arg.get(8) == 0 ? (y1 - y0) * (x1 - x0) : arg.get(8) * arg.get(8);
                            sum += mem.get(base + (oy * ow + ox) * channels) / (float) divisor;
                        }
                    }
                }
            }
            mem.set(arg.get(1) + i, sum);
        }
    }
}
