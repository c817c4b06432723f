package org.jmoco.nn.data.augment;

import java.util.OptionalInt;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.tensor.random.Philox;

/// A square of `size` pixels at a random place, not resized.
///
/// @param padding black pixels put around the image first
public record RandomCrop(int size, int padding) implements Transform {
    public RandomCrop {
        Transform.requireSize(size, "RandomCrop");
        if (padding < 0 || padding > size) {
            throw new DataException("RandomCrop: padding must be between 0 and the size, got " + padding);
        }
    }

    public RandomCrop(int size) {
        this(size, 0);
    }

    @Override
    public OptionalInt squareSide() {
        return OptionalInt.of(size);
    }

    /// @throws DataException if the padded image is smaller than the crop
    @Override
    public RgbImage apply(RgbImage image, Philox draws) {
        int spareHeight = image.height() + 2 * padding - size;
        int spareWidth = image.width() + 2 * padding - size;
        if (spareHeight < 0 || spareWidth < 0) {
            throw new DataException("RandomCrop: an image of " + image.width() + "×" + image.height()
                    + " pixels is too small for a crop of " + size + ": resize it first, or set padding");
        }
        int top = draws.below(spareHeight + 1) - padding;
        int left = draws.below(spareWidth + 1) - padding;
        return Geometry.crop(image, left, top, size, size);
    }
}
