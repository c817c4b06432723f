package org.jmoco.tensor.ops.image;

import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.TornadoKernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// One thread an element of the map goes through the boxes of its image in order, so nothing is added atomically.
final class RoiAlignGradientTornado implements TornadoKernel<RoiAlignGradient> {
    /// The argument block: dy, boxes, images, levels, dx, elements of the map, h, w, c, boxes there are, size,
    /// samples, aligned, level, scale.
    @Override
    public void emit(RoiAlignGradient op, Args a, Launches gpu) {
        if (a.size() > 0) {
            RoiAlign align = op.align();
            gpu.launch(
                    "image.roiAlignGradient",
                    RoiAlignGradientTornado::perMapElement,
                    Grid.threads(a.size()),
                    a.in(0),
                    a.in(1),
                    a.in(2),
                    a.in(3),
                    a.out(),
                    a.size(),
                    op.map().dim(1),
                    op.map().dim(2),
                    op.map().dim(3),
                    a.shape(0).dim(0),
                    align.size(),
                    align.samples(),
                    align.aligned() ? 1 : 0,
                    op.level(),
                    gpu.constant(align.scales().get(op.level())));
        }
    }

    /// The first cell that may have a sample less than one position from `at`.
    static int firstCell(float start, float cell, int at, int size) {
        float first = cell > 0f && at > 0 ? (at - 1 - start) / cell - 1f : 0f;
        return first > 0f ? (first < (float) size ? (int) first : size) : 0;
    }

    /// One behind the last such cell.
    static int endOfCells(float start, float cell, int at, int extent, int size) {
        float end = cell > 0f && at < extent - 1 ? (at + 1 - start) / cell + 2f : (float) size;
        return end < (float) size ? (end > 0f ? (int) end : 0) : size;
    }

    /// The share of position `at` in a cell, summed over its samples.
    static float share(float start, float cell, int samples, int at, int extent) {
        float step = cell / samples;
        float sum = 0f;
        int end = RoiAlignTornado.endOfSamples(start, step, samples, extent);
        for (int j = RoiAlignTornado.firstSample(start, step); j < end; j++) {
            float x = start + (j + 0.5f) * step;
            if (x >= -1f && x <= (float) extent) {
                x = x > 0f ? x : 0f;
                int low = (int) x < extent - 1 ? (int) x : extent - 1;
                float fraction = low < extent - 1 ? x - low : 0f;
                sum += low == at ? 1f - fraction : 0f;
                sum += low + 1 == at ? fraction : 0f;
            }
        }
        return sum;
    }

    static void perMapElement(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(5)) {
            int h = arg.get(6);
            int w = arg.get(7);
            int channels = arg.get(8);
            int size = arg.get(10);
            int x = i / channels % w;
            int y = i / channels / w % h;
            int image = i / channels / w / h;
            float scale = mem.get(arg.get(14));
            float total = 0f;
            for (int r = 0; r < arg.get(9); r++) {
                if (ints.get(arg.get(2) + r) == image && ints.get(arg.get(3) + r) == arg.get(13)) {
                    int box = arg.get(1) + 4 * r;
                    float startX = RoiAlignTornado.start(mem.get(box), scale, arg.get(12));
                    float startY = RoiAlignTornado.start(mem.get(box + 1), scale, arg.get(12));
                    float cellX = RoiAlignTornado.extent(mem.get(box), mem.get(box + 2), scale, arg.get(12)) / size;
                    float cellY = RoiAlignTornado.extent(mem.get(box + 1), mem.get(box + 3), scale, arg.get(12)) / size;
                    int kx = RoiAlignTornado.samples(cellX, arg.get(11));
                    int ky = RoiAlignTornado.samples(cellY, arg.get(11));
                    int fromX = firstCell(startX, cellX, x, size);
                    int toX = endOfCells(startX, cellX, x, w, size);
                    int toY = endOfCells(startY, cellY, y, h, size);
                    float sum = 0f;
                    for (int oy = firstCell(startY, cellY, y, size); oy < toY; oy++) {
                        float shareY = share(startY + oy * cellY, cellY, ky, y, h);
                        if (shareY > 0f) {
                            for (int ox = fromX; ox < toX; ox++) {
                                float shareX = share(startX + ox * cellX, cellX, kx, x, w);
                                if (shareX > 0f) {
                                    int dy = arg.get(0) + ((r * size + oy) * size + ox) * channels + i % channels;
                                    sum += shareY * shareX * mem.get(dy);
                                }
                            }
                        }
                    }
                    int count = kx * ky;
                    total += sum / (float) (count > 1 ? count : 1);
                }
            }
            mem.set(arg.get(4) + i, total);
        }
    }
}
