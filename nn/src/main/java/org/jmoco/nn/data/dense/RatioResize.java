package org.jmoco.nn.data.dense;

import org.jmoco.tensor.random.Philox;

/// The size of an image that keeps the ratio of its sides and fits a frame, as MMSegmentation rounds it.
///
/// The frame's two sides are both multiplied by one factor drawn from `low … high` and cut to whole pixels. The
/// image is scaled by `min(long/longer side, short/shorter side)`, each side rounded by ⌊side·factor + ½⌋.
///
/// @param longSide,shortSide of the frame in pixels, which way round does not matter
/// @param low,high factors; both 1 for the frame as it is
public record RatioResize(int longSide, int shortSide, double low, double high) {
    /// @throws IllegalArgumentException if a side is below 1, or the factors are not positive and in order
    public RatioResize {
        if (longSide < 1 || shortSide < 1 || !(low > 0 && low <= high && high < 100)) {
            throw new IllegalArgumentException("the size of images must be sides of at least 1 pixel and factors above"
                    + " 0, the lower one first, got " + longSide + ", " + shortSide + ", " + low + ", " + high);
        }
    }

    /// A frame without a random factor, for testing.
    public static RatioResize exactly(int longSide, int shortSide) {
        return new RatioResize(longSide, shortSide, 1, 1);
    }

    /// The size of an image, in pixels.
    public record Size(int width, int height) {}

    /// A random size for an image of `width × height` pixels.
    Size draw(int width, int height, Philox draws) {
        double factor = draws.nextDouble() * (high - low) + low;
        return fit(width, height, (int) (longSide * factor), (int) (shortSide * factor));
    }

    /// The size that the frame itself gives an image, for testing.
    public Size of(int width, int height) {
        return fit(width, height, longSide, shortSide);
    }

    static Size fit(int width, int height, int one, int other) {
        int longest = Math.max(one, other);
        int shortest = Math.min(one, other);
        double factor =
                Math.min((double) longest / Math.max(width, height), (double) shortest / Math.min(width, height));
        return new Size(scaled(width, factor), scaled(height, factor));
    }

    private static int scaled(int side, double factor) {
        return Math.max(1, (int) (side * factor + 0.5));
    }
}
