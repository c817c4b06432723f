package org.jmoco.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jmoco.eval.boxes.Boxes;
import org.jmoco.eval.detect.DetectBatch;
import org.jmoco.eval.detect.RpnTargets;
import org.jmoco.eval.masks.MaskTarget;
import org.jmoco.eval.masks.Rle;
import org.jmoco.nn.data.dense.ObjectViews;
import org.jmoco.nn.data.dense.RatioResize;
import org.jmoco.nn.data.source.Target;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.SafeTensors;
import org.jmoco.tensor.random.Philox;

/// An image of noise with the outlines of some objects, as many as COCO's images have. All follows from the seed.
///
/// @param pixels  `[height, width, 3]` bytes
/// @param boxes   around the objects   @param classes of them   @param masks of them, a polygon each
record MadeObjects(int height, int width, byte[] pixels, Boxes boxes, int[] classes, List<Target.Mask> masks) {
    private static final int OBJECTS = 8;
    private static final int CORNERS = 24;
    private static final int LEAST_SIDE = 40;
    private static final int MOST_SIDE = 240;
    private static final double NOISE = 50;

    static MadeObjects of(int height, int width, int classes, long seed) {
        byte[] pixels = new byte[height * width * 3];
        float[] normals = Data.normals(pixels.length, seed);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) Math.clamp(Math.round(128 + NOISE * normals[i]), 0, 255);
        }
        Philox draws = new Philox(seed, 0, 0, 1);
        float[] sides = new float[4 * OBJECTS];
        int[] shown = new int[OBJECTS];
        List<Target.Mask> masks = new ArrayList<>();
        for (int i = 0; i < OBJECTS; i++) {
            int w = LEAST_SIDE + draws.below(MOST_SIDE - LEAST_SIDE);
            int h = LEAST_SIDE + draws.below(MOST_SIDE - LEAST_SIDE);
            int left = draws.below(width - w);
            int top = draws.below(height - h);
            double[] ring = new double[2 * CORNERS];
            for (int k = 0; k < CORNERS; k++) {
                double angle = 2 * Math.PI * k / CORNERS;
                ring[2 * k] = left + w * (1 + Math.cos(angle)) / 2;
                ring[2 * k + 1] = top + h * (1 + Math.sin(angle)) / 2;
            }
            sides[4 * i] = left;
            sides[4 * i + 1] = top;
            sides[4 * i + 2] = left + w;
            sides[4 * i + 3] = top + h;
            shown[i] = draws.below(classes);
            masks.add(new Target.Mask.Polygons(List.of(ring)));
        }
        return new MadeObjects(height, width, pixels, Boxes.of(sides), shown, masks);
    }

    /// The batch of a step: this image several times, with the anchors drawn for that step.
    DetectBatch batch(RpnTargets targets, int images, boolean withMasks, long seed, int step) {
        RatioResize.Size whole = new RatioResize.Size(width, height);
        ObjectViews.Geometry view = new ObjectViews.Geometry(whole, whole, false);
        RpnTargets.Size size = new RpnTargets.Size(height, width);
        byte[] all = new byte[images * pixels.length];
        List<DetectBatch.Image> known = new ArrayList<>();
        for (int i = 0; i < images; i++) {
            System.arraycopy(pixels, 0, all, i * pixels.length, pixels.length);
            known.add(new DetectBatch.Image(
                    i,
                    height,
                    width,
                    boxes,
                    classes,
                    withMasks
                            ? masks.stream()
                                    .map(m -> MaskTarget.polygons(m, view))
                                    .toList()
                            : List.of(),
                    targets.of(boxes, size, size, new RpnTargets.Draw(seed, step, i))));
        }
        return new DetectBatch(height, width, all, known);
    }

    /// Writes all of it for a peer: `pixels`, `boxes`, `classes`, and `masks` as bitmaps of the image's size.
    void write(Path file) {
        int n = classes.length;
        float[] sides = new float[4 * n];
        byte[] bitmaps = new byte[n * height * width];
        for (int i = 0; i < n; i++) {
            sides[4 * i] = boxes.x0(i);
            sides[4 * i + 1] = boxes.y0(i);
            sides[4 * i + 2] = boxes.x1(i);
            sides[4 * i + 3] = boxes.y1(i);
            boolean[] mask = Rle.of(masks.get(i), height, width).toMask();
            for (int p = 0; p < mask.length; p++) {
                bitmaps[i * mask.length + p] = (byte) (mask[p] ? 1 : 0);
            }
        }
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        arrays.put("pixels", ArrayData.ofBytes(pixels, height, width, 3));
        arrays.put("boxes", ArrayData.ofFloats(sides, n, 4));
        arrays.put("classes", ArrayData.ofInts(classes, n));
        arrays.put("masks", ArrayData.ofBytes(bitmaps, n, height, width));
        SafeTensors.write(file, arrays, Map.of());
    }
}
