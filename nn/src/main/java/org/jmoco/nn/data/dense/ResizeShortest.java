package org.jmoco.nn.data.dense;

import java.util.List;
import org.jmoco.nn.data.augment.Resample;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.tensor.random.Philox;

/// Resizes an image so that its shorter side has a certain number of pixels, but its longer side no more than
/// `longest`; the ratio of the sides stays. Detection's resize: training draws one of several shorter sides.
///
/// @param shortSides of which one is drawn, in pixels, increasing   @param longest side, in pixels
/// @param rule       by whose arithmetic
public record ResizeShortest(List<Integer> shortSides, int longest, Rule rule) {
    /// More pixels a side than any recipe has.
    private static final int MOST = 1 << 14;

    /// Whose arithmetic: the rounding of sides, and how pixels are weighed.
    public enum Rule {
        /// detectron2: the shorter side first, then, if the longer one is too long, both again; Pillow's bilinear
        /// filter, which averages when it reduces.
        PILLOW,
        /// mmdet: one factor for both sides; OpenCV's bilinear interpolation, which does not average.
        OPENCV,
        /// torchvision: one factor for both sides, in float32, and sides cut to whole pixels. Numbers are
        /// interpolated after they were normalised, and never become bytes again, see [FloatResize].
        FLOATS
    }

    /// @throws IllegalArgumentException if there is no shorter side, they do not increase, or one is longer than
    ///     `longest`
    public ResizeShortest {
        shortSides = List.copyOf(shortSides);
        boolean increasing = !shortSides.isEmpty() && shortSides.getFirst() >= 1;
        for (int i = 1; i < shortSides.size(); i++) {
            increasing &= shortSides.get(i) > shortSides.get(i - 1);
        }
        if (!increasing || longest < shortSides.getLast() || longest > MOST) {
            throw new IllegalArgumentException("the shorter sides of images must be at least 1 pixel, increase, and be"
                    + " no longer than the longest side, at most " + MOST + " pixels, got " + shortSides + " and "
                    + longest);
        }
    }

    /// A random size for an image of `width × height` pixels: all shorter sides are equally likely.
    RatioResize.Size draw(int width, int height, Philox draws) {
        return size(width, height, shortSides.get(draws.below(shortSides.size())));
    }

    /// The size of an image when it is tested: that of the longest of the shorter sides.
    public RatioResize.Size of(int width, int height) {
        return size(width, height, shortSides.getLast());
    }

    RatioResize.Size size(int width, int height, int shortSide) {
        if (rule == Rule.OPENCV) {
            return RatioResize.fit(width, height, longest, shortSide);
        }
        if (rule == Rule.FLOATS) {
            // PyTorch divides a number by a tensor as the number times the tensor's inverse, and this is felt: 427
            // pixels become 799.
            float factor = Math.min(1f / Math.min(width, height) * shortSide, 1f / Math.max(width, height) * longest);
            return new RatioResize.Size((int) (width * (double) factor), (int) (height * (double) factor));
        }
        double scale = (double) shortSide / Math.min(width, height);
        double newWidth = width <= height ? shortSide : scale * width;
        double newHeight = height < width ? shortSide : scale * height;
        if (Math.max(newWidth, newHeight) > longest) {
            double again = longest / Math.max(newWidth, newHeight);
            newWidth *= again;
            newHeight *= again;
        }
        return new RatioResize.Size(Math.max(1, (int) (newWidth + 0.5)), Math.max(1, (int) (newHeight + 0.5)));
    }

    /// The pixels of an image at a size.
    ///
    /// @throws UnsupportedOperationException where the result is no bytes
    public RgbImage apply(RgbImage image, RatioResize.Size size) {
        return switch (rule) {
            case PILLOW -> Resample.bilinear(image, size.width(), size.height());
            case OPENCV -> OpenCvResize.bilinear(image, size.width(), size.height());
            case FLOATS -> throw new UnsupportedOperationException("torchvision's resize does not give bytes");
        };
    }
}
