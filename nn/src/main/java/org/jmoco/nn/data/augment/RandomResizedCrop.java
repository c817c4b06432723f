package org.jmoco.nn.data.augment;

import java.util.OptionalInt;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.tensor.random.Philox;

/// A random part of the image, resized to a square with Pillow's antialiased bilinear filter (Szegedy et al.,
/// "Going deeper with convolutions", 2015).
///
/// Ten tries draw an area and an aspect ratio and take the first box that fits; failing all, the central box with
/// the nearest allowed ratio is taken.
///
/// @param size side of the result in pixels
/// @param scale area of the box as a part of the image's
/// @param ratio width over height of the box, drawn log-uniformly
public record RandomResizedCrop(int size, Range scale, Range ratio) implements Transform {
    private static final int TRIES = 10;

    public RandomResizedCrop {
        Transform.requireSize(size, "RandomResizedCrop");
        if (scale.low() <= 0 || scale.high() > 1 || ratio.low() <= 0) {
            throw new DataException(
                    "RandomResizedCrop: scale must lie in (0, 1] and ratio above 0, got " + scale + " and " + ratio);
        }
    }

    /// torchvision's defaults: scale 0.08 … 1, ratio 3/4 … 4/3.
    public RandomResizedCrop(int size) {
        this(size, new Range(0.08, 1));
    }

    public RandomResizedCrop(int size, Range scale) {
        this(size, scale, new Range(3 / 4.0, 4 / 3.0));
    }

    /// A box in an image, in pixels.
    record Box(int left, int top, int width, int height) {}

    @Override
    public OptionalInt squareSide() {
        return OptionalInt.of(size);
    }

    @Override
    public RgbImage apply(RgbImage image, Philox draws) {
        Box box = draw(image.width(), image.height(), draws);
        return Resample.bilinear(image, box, size, size);
    }

    Box draw(int width, int height, Philox draws) {
        double area = (double) width * height;
        for (int attempt = 0; attempt < TRIES; attempt++) {
            double part = area * scale.uniform(draws);
            double aspect = ratio.logUniform(draws);
            // Math.rint rounds halves to even, as Python's round does.
            int w = (int) Math.rint(Math.sqrt(part * aspect));
            int h = (int) Math.rint(Math.sqrt(part / aspect));
            if (w > 0 && w <= width && h > 0 && h <= height) {
                int top = draws.below(height - h + 1);
                int left = draws.below(width - w + 1);
                return new Box(left, top, w, h);
            }
        }
        return central(width, height);
    }

    private Box central(int width, int height) {
        double aspect = (double) width / height;
        int w = width;
        int h = height;
        if (aspect < ratio.low()) {
            h = Math.clamp((int) Math.rint(width / ratio.low()), 1, height);
        } else if (aspect > ratio.high()) {
            w = Math.clamp((int) Math.rint(height * ratio.high()), 1, width);
        }
        return new Box((width - w) / 2, (height - h) / 2, w, h);
    }
}
