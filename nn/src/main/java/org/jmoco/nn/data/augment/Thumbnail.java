package org.jmoco.nn.data.augment;

import org.jmoco.nn.data.augment.RandomResizedCrop.Box;
import org.jmoco.nn.data.image.RgbImage;

/// A whole image in a square, for people to look at.
public final class Thumbnail {
    private Thumbnail() {}

    /// The image scaled so that its longer side has `side` pixels, in the middle of a square; what is left of the
    /// square is black.
    public static RgbImage of(RgbImage image, int side) {
        int longer = Math.max(image.width(), image.height());
        int width = Math.max(1, (int) Math.rint((double) image.width() * side / longer));
        int height = Math.max(1, (int) Math.rint((double) image.height() * side / longer));
        RgbImage small = Resample.bilinear(image, new Box(0, 0, image.width(), image.height()), width, height);
        return Geometry.crop(small, -(side - width) / 2, -(side - height) / 2, side, side);
    }
}
