package org.jmoco.tensor.ops.image;

import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.TornadoKernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// One thread an element of the images adds up the results that it has a share in, in their order.
final class ResizeBilinearGradientTornado implements TornadoKernel<ResizeBilinearGradient> {
    @Override
    public void emit(ResizeBilinearGradient op, Args a, Launches gpu) {
        if (a.size() > 0) {
            gpu.launch(
                    "image.resizeBilinearGradient",
                    ResizeBilinearGradientTornado::perImageElement,
                    Grid.threads(a.size()),
                    ResizeBilinearTornado.block(op.resize(), a, op.images()));
        }
    }

    /// The share that position `at` of `from` has in result `i` of `to`.
    static float share(int i, int at, int from, int to, int corners) {
        int unit = ResizeBilinearTornado.unit(to, corners);
        int place = ResizeBilinearTornado.place(i, from, to, corners);
        int low = place / unit;
        int high = low + 1 < from ? low + 1 : from - 1;
        float fraction = (float) (place % unit) / (float) unit;
        float share = low == at ? 1f - fraction : 0f;
        return high == at ? share + fraction : share;
    }

    /// A result at or before the first one that lies less than one position below `at`.
    static int first(int at, int from, int to, int corners) {
        int unit = ResizeBilinearTornado.unit(to, corners);
        int slope = corners != 0 ? from - 1 : 2 * from;
        int offset = corners != 0 ? 0 : to - from;
        int i = slope > 0 ? ((at - 1) * unit + offset) / slope - 1 : 0;
        return at > 0 && i > 0 ? i : 0;
    }

    /// One behind the last result that lies less than one position above `at`, or a little later.
    static int end(int at, int from, int to, int corners) {
        int unit = ResizeBilinearTornado.unit(to, corners);
        int slope = corners != 0 ? from - 1 : 2 * from;
        int offset = corners != 0 ? 0 : to - from;
        int i = slope > 0 ? ((at + 1) * unit + offset) / slope + 2 : to;
        return at < from - 1 && i < to ? i : to;
    }

    static void perImageElement(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(2)) {
            int h = arg.get(3);
            int w = arg.get(4);
            int channels = arg.get(5);
            int height = arg.get(6);
            int width = arg.get(7);
            int corners = arg.get(8);
            int x = i / channels % w;
            int y = i / channels / w % h;
            int base = arg.get(0) + i / channels / w / h * height * width * channels + i % channels;
            int fromX = first(x, w, width, corners);
            int toX = end(x, w, width, corners);
            int toY = end(y, h, height, corners);
            float sum = 0f;
            for (int oy = first(y, h, height, corners); oy < toY; oy++) {
                float shareY = share(oy, y, h, height, corners);
                if (shareY > 0f) {
                    float row = 0f;
                    for (int ox = fromX; ox < toX; ox++) {
                        float shareX = share(ox, x, w, width, corners);
                        if (shareX > 0f) {
                            row += shareX * mem.get(base + (oy * width + ox) * channels);
                        }
                    }
                    sum += shareY * row;
                }
            }
            mem.set(arg.get(1) + i, sum);
        }
    }
}
