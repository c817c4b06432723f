package org.jmoco.nn.data.augment;

import java.util.OptionalInt;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.tensor.random.Philox;

/// One step of a [Pipeline]: named, parametrised and drawn as in torchvision, with Pillow's arithmetic on bytes.
///
/// A transform never changes its input. Its random draws come only from the stream handed in, so equal streams
/// give equal results.
public sealed interface Transform
        permits CenterCrop,
                ColorJitter,
                GaussianBlur,
                PcaLighting,
                RandomApply,
                RandomCrop,
                RandomGrayscale,
                RandomHorizontalFlip,
                RandomResizedCrop,
                Resize,
                ResizeExact {

    /// The transformed image; may be the input itself.
    RgbImage apply(RgbImage image, Philox draws);

    /// The side in pixels of the square that this transform always gives, if it does.
    default OptionalInt squareSide() {
        return OptionalInt.empty();
    }

    /// @throws DataException if a probability is outside 0 … 1
    static void requireProbability(double p, String transform) {
        if (!(p >= 0 && p <= 1)) {
            throw new DataException(transform + ": p must be between 0 and 1, got " + p);
        }
    }

    /// @throws DataException if a side is outside 1 … 16384
    static void requireSize(int size, String transform) {
        if (size < 1 || size > 16_384) {
            throw new DataException(transform + ": size must be between 1 and 16384 pixels, got " + size);
        }
    }
}
