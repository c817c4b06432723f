package org.jmoco.nn.data.augment;

import org.jmoco.nn.data.image.RgbImage;

/// Moves pixels without changing them.
final class Geometry {
    private Geometry() {}

    /// A box of an image; what lies outside the image is black.
    static RgbImage crop(RgbImage image, int left, int top, int width, int height) {
        if (left == 0 && top == 0 && width == image.width() && height == image.height()) {
            return image;
        }
        RgbImage result = new RgbImage(width, height);
        int firstX = Math.max(left, 0);
        int endX = Math.min(left + width, image.width());
        for (int y = Math.max(top, 0); y < Math.min(top + height, image.height()) && firstX < endX; y++) {
            int from = 3 * (y * image.width() + firstX);
            int to = 3 * ((y - top) * width + firstX - left);
            System.arraycopy(image.rgb(), from, result.rgb(), to, 3 * (endX - firstX));
        }
        return result;
    }

    /// The central box of a given size, by torchvision's rounding; a smaller image is padded with black on all sides.
    static RgbImage centerCrop(RgbImage image, int size) {
        return crop(image, centralStart(image.width(), size), centralStart(image.height(), size), size, size);
    }

    private static int centralStart(int side, int size) {
        return size > side ? -((size - side) / 2) : (int) Math.rint((side - size) / 2.0);
    }

    /// Left and right exchanged.
    static RgbImage flip(RgbImage image) {
        int width = image.width();
        RgbImage result = new RgbImage(width, image.height());
        byte[] in = image.rgb();
        byte[] out = result.rgb();
        for (int y = 0; y < image.height(); y++) {
            int from = 3 * y * width;
            int to = from + 3 * (width - 1);
            for (int x = 0; x < width; x++, from += 3, to -= 3) {
                out[to] = in[from];
                out[to + 1] = in[from + 1];
                out[to + 2] = in[from + 2];
            }
        }
        return result;
    }
}
