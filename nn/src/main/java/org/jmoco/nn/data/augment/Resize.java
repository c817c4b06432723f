package org.jmoco.nn.data.augment;

import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.tensor.random.Philox;

/// Resizes so that the shorter side has `size` pixels, keeping the proportions (the longer side is rounded down).
public record Resize(int size) implements Transform {
    private static final int MAX_SIDE = 1 << 16;

    public Resize {
        Transform.requireSize(size, "Resize");
    }

    @Override
    public RgbImage apply(RgbImage image, Philox draws) {
        int width = image.width();
        int height = image.height();
        long longer = (long) size * Math.max(width, height) / Math.min(width, height);
        if (longer > MAX_SIDE) {
            throw new DataException("Resize: " + width + "×" + height + " pixels would become " + longer
                    + " pixels long; no image may");
        }
        int newWidth = width <= height ? size : (int) longer;
        int newHeight = width <= height ? (int) longer : size;
        return Resample.bilinear(image, newWidth, newHeight);
    }
}
