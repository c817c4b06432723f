package org.jmoco.nn.data.dense;

import org.jmoco.nn.data.source.Target;
import org.jmoco.tensor.random.Philox;

/// A random box in which no class has too large a part, as MMSegmentation's `RandomCrop` with `cat_max_ratio`.
///
/// A box is taken if it shows two classes or more and the most frequent one has less than `largestShare` of the
/// pixels that have a class. Ten boxes are looked at; the eleventh is taken as it is. An image smaller than the box
/// in a direction is taken whole in it.
///
/// @param width,height of the box in pixels   @param largestShare in `(0, 1]`; 1 takes the first box
public record CropByClass(int width, int height, double largestShare) {
    private static final int TRIES = 10;

    /// @throws IllegalArgumentException if a side is outside 1 … 16384, or the share outside `(0, 1]`
    public CropByClass {
        if (width < 1 || height < 1 || width > 16_384 || height > 16_384) {
            throw new IllegalArgumentException(
                    "the sides of a crop must be between 1 and 16384 pixels, got " + width + "×" + height);
        }
        if (!(largestShare > 0 && largestShare <= 1)) {
            throw new IllegalArgumentException(
                    "the largest share of a class in a crop must lie in (0, 1], got " + largestShare);
        }
    }

    /// A square with less than 75 % of one class.
    public static CropByClass square(int side) {
        return new CropByClass(side, side, 0.75);
    }

    /// A box in a label map.
    PixelBox draw(Target.LabelMap labels, Philox draws) {
        PixelBox box = anyBox(labels, draws);
        for (int tries = 0; largestShare < 1 && tries < TRIES && !isMixed(labels, box); tries++) {
            box = anyBox(labels, draws);
        }
        return box;
    }

    private PixelBox anyBox(Target.LabelMap labels, Philox draws) {
        int top = draws.below(Math.max(labels.height() - height, 0) + 1);
        int left = draws.below(Math.max(labels.width() - width, 0) + 1);
        return new PixelBox(left, top, Math.min(width, labels.width()), Math.min(height, labels.height()));
    }

    private boolean isMixed(Target.LabelMap labels, PixelBox box) {
        int[] counts = new int[256];
        for (int y = 0; y < box.height(); y++) {
            int from = (box.top() + y) * labels.width() + box.left();
            for (int at = from; at < from + box.width(); at++) {
                counts[labels.classes()[at] & 0xFF]++;
            }
        }
        int classes = 0;
        int most = 0;
        int all = 0;
        for (int c = 0; c < counts.length; c++) {
            if (counts[c] > 0 && c != Target.LabelMap.IGNORED) {
                classes++;
                all += counts[c];
                most = Math.max(most, counts[c]);
            }
        }
        return classes > 1 && (double) most / all < largestShare;
    }

    /// The part of a label map in a box.
    static Target.LabelMap cut(Target.LabelMap labels, PixelBox box) {
        byte[] part = new byte[box.width() * box.height()];
        for (int y = 0; y < box.height(); y++) {
            int from = (box.top() + y) * labels.width() + box.left();
            System.arraycopy(labels.classes(), from, part, y * box.width(), box.width());
        }
        return new Target.LabelMap(box.width(), box.height(), part);
    }
}
