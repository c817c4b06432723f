package org.jmoco.eval.masks;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import org.jmoco.eval.boxes.Boxes;

/// Puts the mask that a network found in a box into the image: pixel x has the place
/// `u = (x + ½ − x0)/(x1 − x0)·cells − ½` in the mask, where probabilities are interpolated bilinearly and are 0
/// outside; from ½ on it is inside. What x0 and x1 are differs.
public enum MaskPaste {
    /// The sides of the box, as detectron2 and mmdet have it (`paste_masks_in_image`, `_do_paste_mask`).
    PLACES {
        @Override
        double[] sides(float from, float to, int cells) {
            return new double[] {from, to};
        }
    },
    /// torchvision: the box grows by a rim of one cell, its sides are cut to whole pixels of which the last one
    /// still belongs to it, and the rim goes again.
    WHOLE_PIXELS {
        @Override
        double[] sides(float from, float to, int cells) {
            float half = (to - from) * 0.5f * (float) ((cells + 2.0) / cells);
            float middle = (to + from) * 0.5f;
            long first = (long) (middle - half);
            long pixels = Math.max(1, (long) (middle + half) - first + 1);
            double cell = (double) pixels / (cells + 2);
            return new double[] {first + cell, first + pixels - cell};
        }
    };

    /// Where the first cell of a mask begins and the last one ends, in pixels.
    abstract double[] sides(float from, float to, int cells);

    /// The pixels of an object.
    ///
    /// @param mask  `[cells, cells]` probabilities, row by row   @param boxes in pixels of the image
    /// @param box   whose mask it is   @param height,width of the image
    /// @throws IllegalArgumentException if the mask is no square of cells
    public Rle paste(float[] mask, int cells, Boxes boxes, int box, int height, int width) {
        if (cells < 1 || mask.length != cells * cells) {
            throw new IllegalArgumentException("mask of " + mask.length + " cells, " + cells + " a side");
        }
        // Beyond the box the nearest cell weighs less than ½, and nothing can be inside.
        double[] across = sides(boxes.x0(box), boxes.x1(box), cells);
        double[] down = sides(boxes.y0(box), boxes.y1(box), cells);
        int left = first(across[0], width);
        int right = end(across[1], width);
        int top = first(down[0], height);
        int bottom = end(down[1], height);
        Runs runs = new Runs();
        double[] column = new double[cells + 2]; // a cell of 0 before and behind
        for (int x = left; x < right; x++) {
            double u = place(x, across, cells);
            int before = (int) Math.floor(u);
            double fraction = u - before;
            for (int j = 0; j < cells; j++) {
                column[j + 1] = (1 - fraction) * at(mask, cells, j, before) + fraction * at(mask, cells, j, before + 1);
            }
            runs.add(false, top);
            for (int y = top; y < bottom; y++) {
                double v = place(y, down, cells);
                int above = (int) Math.floor(v);
                double below = v - above;
                runs.add((1 - below) * column[above + 1] + below * column[above + 2] >= 0.5, 1);
            }
            runs.add(false, height - bottom);
        }
        return runs.whole(height, width, left, Math.max(left, right));
    }

    private static double place(int pixel, double[] sides, int cells) {
        return (pixel + 0.5 - sides[0]) / (sides[1] - sides[0]) * cells - 0.5;
    }

    /// The first pixel whose middle is not before a side of the box.
    private static int first(double side, int size) {
        return (int) Math.clamp((long) Math.ceil(side - 0.5), 0, size);
    }

    /// The pixel behind the last whose middle is not beyond a side.
    private static int end(double side, int size) {
        return (int) Math.clamp((long) Math.floor(side - 0.5) + 1, 0, size);
    }

    private static float at(float[] mask, int cells, int row, int column) {
        return column >= 0 && column < cells ? mask[row * cells + column] : 0;
    }

    /// Runs as they come, column by column.
    private static final class Runs {
        private final IntArrayList lengths = new IntArrayList();
        private boolean inside;
        private int length;

        void add(boolean now, int pixels) {
            if (pixels == 0) {
                return;
            }
            if (now != inside) {
                lengths.add(length);
                length = 0;
                inside = now;
            }
            length += pixels;
        }

        /// With the columns left and right of those that were added.
        Rle whole(int height, int width, int left, int right) {
            int[] counts;
            if (lengths.isEmpty()) {
                counts = new int[] {height * width};
            } else {
                lengths.set(0, lengths.getInt(0) + left * height);
                add(false, (width - right) * height);
                lengths.add(length);
                counts = lengths.toIntArray();
            }
            return new Rle(height, width, counts);
        }
    }
}
