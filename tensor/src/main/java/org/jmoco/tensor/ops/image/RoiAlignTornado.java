package org.jmoco.tensor.ops.image;

import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.TornadoKernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// One thread an element of the features takes the samples of its cell.
final class RoiAlignTornado implements TornadoKernel<RoiAlign> {
    /// Where the maps begin in the argument block: offset, h, w and scale of each.
    private static final int MAPS = 12;

    private static final int EACH = 4;

    /// The argument block: boxes, images, levels, features, elements of the features, channels, size, samples, aligned,
    /// images there are, maps there are, fault; then the maps.
    @Override
    public void emit(RoiAlign op, Args a, Launches gpu) {
        if (a.size() == 0) {
            return;
        }
        int k = op.scales().size();
        int[] block = new int[MAPS + EACH * k];
        block[0] = a.in(k);
        block[1] = a.in(k + 1);
        block[2] = a.in(k + 2);
        block[3] = a.out();
        block[4] = a.size();
        block[5] = a.outShape().dim(3);
        block[6] = op.size();
        block[7] = op.samples();
        block[8] = op.aligned() ? 1 : 0;
        block[9] = a.shape(0).dim(0);
        block[10] = k;
        block[11] = gpu.fault("roiAlign: a box is of an image or a level that does not exist, or is not finite");
        for (int i = 0; i < k; i++) {
            Shape map = a.shape(i);
            block[MAPS + EACH * i] = a.in(i);
            block[MAPS + EACH * i + 1] = map.dim(1);
            block[MAPS + EACH * i + 2] = map.dim(2);
            block[MAPS + EACH * i + 3] = gpu.constant(op.scales().get(i));
        }
        gpu.launch(
                "image.checkBoxes",
                RoiAlignTornado::checkPerBox,
                Grid.threads(a.outShape().dim(0)),
                checks(a, block));
        gpu.launch("image.roiAlign", RoiAlignTornado::perFeature, Grid.threads(a.size()), block);
    }

    /// The argument block of the check: boxes, images, levels, boxes there are, images there are, maps there are,
    /// fault.
    private static int[] checks(Args a, int... block) {
        return new int[] {block[0], block[1], block[2], a.outShape().dim(0), block[9], block[10], block[11]};
    }

    static void checkPerBox(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int r = c.globalIdx;
        if (r < arg.get(3)) {
            int image = ints.get(arg.get(1) + r);
            int level = ints.get(arg.get(2) + r);
            if (image < 0 || image >= arg.get(4)) {
                ints.set(0, arg.get(6));
            }
            if (level < 0 || level >= arg.get(5)) {
                ints.set(0, arg.get(6));
            }
            for (int side = 0; side < 4; side++) {
                float x = mem.get(arg.get(0) + 4 * r + side);
                if (x * 0f != 0f) { // infinite or NaN
                    ints.set(0, arg.get(6));
                }
            }
        }
    }

    /// Where an axis of a box begins on the map.
    static float start(float low, float scale, int aligned) {
        return aligned != 0 ? low * scale - 0.5f : low * scale;
    }

    /// How long it is.
    static float extent(float low, float high, float scale, int aligned) {
        float extent = start(high, scale, aligned) - start(low, scale, aligned);
        return aligned != 0 || extent > 1f ? extent : 1f;
    }

    /// Samples along an axis of a cell; 0 for an empty box.
    static int samples(float cell, int samples) {
        int wanted = samples > 0 ? samples : (int) -TornadoMath.floor(-cell);
        return wanted > 0 ? wanted : 0;
    }

    /// A sample at or before the first one that is not left of the map.
    static int firstSample(float start, float step) {
        float j = step > 0f ? (-1f - start) / step - 2.5f : 0f;
        return j > 0f ? (int) j : 0;
    }

    /// One behind the last sample that is not right of the map, or a little later.
    static int endOfSamples(float start, float step, int samples, int size) {
        float j = step > 0f ? (size - start) / step + 2.5f : (float) samples;
        float end = j >= (float) samples ? (float) samples : j;
        return end > 0f ? (int) end : 0;
    }

    static int within(int i, int count) {
        return TornadoMath.max(0, TornadoMath.min(i, count - 1));
    }

    static void perFeature(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(4)) {
            int channels = arg.get(5);
            int size = arg.get(6);
            int r = i / channels / size / size;
            int image = within(ints.get(arg.get(1) + r), arg.get(9)); // wrong ones have been reported
            int level = within(ints.get(arg.get(2) + r), arg.get(10));
            float x0 = mem.get(arg.get(0) + 4 * r);
            float y0 = mem.get(arg.get(0) + 4 * r + 1);
            float x1 = mem.get(arg.get(0) + 4 * r + 2);
            float y1 = mem.get(arg.get(0) + 4 * r + 3);
            int map = 12 + 4 * level;
            int h = arg.get(map + 1);
            int w = arg.get(map + 2);
            float scale = mem.get(arg.get(map + 3));
            float cellX = extent(x0, x1, scale, arg.get(8)) / size;
            float cellY = extent(y0, y1, scale, arg.get(8)) / size;
            int kx = samples(cellX, arg.get(7));
            int ky = samples(cellY, arg.get(7));
            float stepX = cellX / kx;
            float stepY = cellY / ky;
            float startX = start(x0, scale, arg.get(8)) + i / channels % size * cellX;
            float startY = start(y0, scale, arg.get(8)) + i / channels / size % size * cellY;
            int base = arg.get(map) + image * h * w * channels + i % channels;
            int fromX = firstSample(startX, stepX);
            int toX = endOfSamples(startX, stepX, kx, w);
            int toY = endOfSamples(startY, stepY, ky, h);
            float sum = 0f;
            for (int jy = firstSample(startY, stepY); jy < toY; jy++) {
                float y = startY + (jy + 0.5f) * stepY;
                if (y >= -1f && y <= (float) h) {
                    y = y > 0f ? y : 0f;
                    int top = (int) y < h - 1 ? (int) y : h - 1;
                    int bottom = top < h - 1 ? top + 1 : top;
                    float fy = top < h - 1 ? y - top : 0f;
                    for (int jx = fromX; jx < toX; jx++) {
                        float x = startX + (jx + 0.5f) * stepX;
                        if (x >= -1f && x <= (float) w) {
                            x = x > 0f ? x : 0f;
                            int left = (int) x < w - 1 ? (int) x : w - 1;
                            int next = left < w - 1 ? left + 1 : left;
                            float fx = left < w - 1 ? x - left : 0f;
                            float above = (1f - fx) * mem.get(base + (top * w + left) * channels)
                                    + fx * mem.get(base + (top * w + next) * channels);
                            float below = (1f - fx) * mem.get(base + (bottom * w + left) * channels)
                                    + fx * mem.get(base + (bottom * w + next) * channels);
                            sum += (1f - fy) * above + fy * below;
                        }
                    }
                }
            }
            int count = kx * ky;
            mem.set(arg.get(3) + i, sum / (float) (count > 1 ? count : 1));
        }
    }
}
