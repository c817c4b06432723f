package org.jmoco.eval.masks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jmoco.eval.EvalFixtures;
import org.jmoco.eval.boxes.Boxes;
import org.jmoco.nn.data.dense.ObjectViews.Geometry;
import org.jmoco.nn.data.dense.RatioResize;
import org.jmoco.nn.data.source.Target;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.random.Philox;
import org.junit.jupiter.api.Test;

/// Against torchvision, OpenCV and COCO's own code (`make_mask_targets.py`), and plain float64.
class MaskTargetTest {
    private static final int CELLS = 28;
    private static final int CELLS_OF_ONE = CELLS * CELLS;
    private static final int HEIGHT = 37;
    private static final int WIDTH = 45;

    private final Map<String, ArrayData> fixture =
            EvalFixtures.tensors("masks/targets.safetensors").arrays();

    private Geometry geometry(String name, int i) {
        int[] g = fixture.get(name).toIntArray();
        return new Geometry(
                new RatioResize.Size(WIDTH, HEIGHT), new RatioResize.Size(g[3 * i], g[3 * i + 1]), g[3 * i + 2] == 1);
    }

    private Boxes boxes(String name, int from, int count) {
        return Boxes.of(Arrays.copyOfRange(fixture.get(name).toFloatArray(), 4 * from, 4 * (from + count)));
    }

    @Test
    void polygonsAreDrawnAsDetectron2Does() {
        double[] rings = fixture.get("polygon_rings").toDoubleArray();
        int[] expected = fixture.get("polygon_targets").toIntArray();
        int inside = 0;
        for (int i = 0; i < 12; i++) {
            Target.Mask mask = new Target.Mask.Polygons(List.of(
                    Arrays.copyOfRange(rings, 24 * i, 24 * i + 12),
                    Arrays.copyOfRange(rings, 24 * i + 12, 24 * i + 24)));
            byte[] target = MaskTarget.polygons(mask, geometry("polygon_geometry", i))
                    .in(boxes("polygon_boxes", i, 1), 0, CELLS);
            for (int k = 0; k < CELLS_OF_ONE; k++) {
                assertEquals(expected[i * CELLS_OF_ONE + k], target[k], "polygon " + i + " cell " + k);
                inside += target[k];
            }
        }
        assertTrue(inside > 1000 && inside < 8000, inside + " cells inside");
    }

    @Test
    void bitmapsAreCutAsMmdetectionDoes() {
        int[] masks = fixture.get("bitmap_masks").toIntArray();
        float[] expected = fixture.get("bitmap_values").toFloatArray();
        int near = 0;
        for (int i = 0; i < 4; i++) {
            boolean[] pixels = new boolean[HEIGHT * WIDTH];
            for (int k = 0; k < pixels.length; k++) {
                pixels[k] = masks[i * pixels.length + k] == 1;
            }
            Geometry view = geometry("bitmap_geometry", i);
            MaskTarget target = MaskTarget.bitmap(
                    runs(pixels, HEIGHT, WIDTH),
                    view,
                    padded(view.to().height()),
                    padded(view.to().width()));
            Boxes boxes = boxes("bitmap_boxes", 3 * i, 3);
            for (int b = 0; b < 3; b++) {
                double[] means = ((MaskTarget.OfBitmap) target).means(boxes, b, CELLS);
                byte[] cells = target.in(boxes, b, CELLS);
                for (int k = 0; k < CELLS_OF_ONE; k++) {
                    float value = expected[(3 * i + b) * CELLS_OF_ONE + k];
                    String name = "mask " + i + " box " + b + " cell " + k;
                    assertEquals(value, means[k], 1e-5, name);
                    boolean tie = Math.abs(value - 0.5) < 1e-5;
                    near += tie ? 1 : 0;
                    assertEquals(value >= 0.5 || tie && cells[k] == 1 ? 1 : 0, cells[k], name);
                }
            }
        }
        assertTrue(near < 60, near + " cells at ½");
    }

    /// Sample by sample, of boxes at and beyond the border too.
    @Test
    void meansArePlainFloat64s() {
        Philox draws = new Philox(5, 0, 0, 0);
        for (int set = 0; set < 40; set++) {
            int h = 1 + draws.below(20);
            int w = 1 + draws.below(20);
            boolean[] pixels = new boolean[h * w];
            for (int k = 0; k < pixels.length; k++) {
                pixels[k] = draws.below(2) == 0;
            }
            float x0 = 30 * draws.nextFloat() - 5;
            float y0 = 30 * draws.nextFloat() - 5;
            Boxes box = Boxes.of(x0, y0, x0 + 25 * draws.nextFloat(), y0 + 25 * draws.nextFloat());
            RatioResize.Size size = new RatioResize.Size(w, h);
            MaskTarget.OfBitmap target =
                    (MaskTarget.OfBitmap) MaskTarget.bitmap(runs(pixels, h, w), new Geometry(size, size, false), h, w);
            double[] plain = plain(pixels, h, w, box, 5);
            assertArrayEquals(plain, target.means(box, 0, 5), 1e-5, "set " + set);
        }
    }

    private static double[] plain(boolean[] pixels, int h, int w, Boxes box, int cells) {
        double x0 = Math.clamp(box.x0(0), 0, w);
        double x1 = Math.clamp(box.x1(0), 0, w);
        double y0 = Math.clamp(box.y0(0), 0, h);
        double y1 = Math.clamp(box.y1(0), 0, h);
        int across = (int) Math.ceil((float) (x1 - x0) / cells);
        int down = (int) Math.ceil((float) (y1 - y0) / cells);
        double[] means = new double[cells * cells];
        for (int i = 0; i < cells; i++) {
            for (int j = 0; j < cells; j++) {
                for (int a = 0; a < down; a++) {
                    for (int b = 0; b < across; b++) {
                        double y = y0 - 0.5 + (i + (a + 0.5) / down) * (y1 - y0) / cells;
                        double x = x0 - 0.5 + (j + (b + 0.5) / across) * (x1 - x0) / cells;
                        means[i * cells + j] += bilinear(pixels, h, w, y, x) / (down * across);
                    }
                }
            }
        }
        return means;
    }

    private static double bilinear(boolean[] pixels, int h, int w, double y, double x) {
        double v = Math.clamp(y, 0, h - 1);
        double u = Math.clamp(x, 0, w - 1);
        double sum = 0;
        for (int r = 0; r < h; r++) {
            for (int c = 0; c < w; c++) {
                double weight = Math.max(0, 1 - Math.abs(r - v)) * Math.max(0, 1 - Math.abs(c - u));
                sum += pixels[r * w + c] ? weight : 0;
            }
        }
        return sum;
    }

    /// The whole image in one box is the mask itself, mirrored if the view is.
    @Test
    void aBoxOfAsManyPixelsAsCellsIsTheMask() {
        boolean[] pixels = {true, false, false, true, true, false, false, false, true};
        RatioResize.Size size = new RatioResize.Size(3, 3);
        Boxes whole = Boxes.of(0, 0, 3, 3);
        Target.Mask runs = runs(pixels, 3, 3);
        assertArrayEquals(
                new byte[] {1, 0, 0, 1, 1, 0, 0, 0, 1},
                MaskTarget.bitmap(runs, new Geometry(size, size, false), 3, 3).in(whole, 0, 3));
        assertArrayEquals(
                new byte[] {0, 0, 1, 0, 1, 1, 1, 0, 0},
                MaskTarget.polygons(runs, new Geometry(size, size, true)).in(whole, 0, 3),
                "runs are no polygons");
        assertThrows(
                IllegalArgumentException.class, () -> MaskTarget.bitmap(runs, new Geometry(size, size, false), 2, 3));
    }

    private static Target.Mask runs(boolean[] pixels, int height, int width) {
        return new Target.Mask.Runs(height, width, Rle.of(pixels, height, width).counts());
    }

    private static int padded(int side) {
        return Math.ceilDiv(side, 32) * 32;
    }
}
