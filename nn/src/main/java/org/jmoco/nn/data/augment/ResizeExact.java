package org.jmoco.nn.data.augment;

import java.util.OptionalInt;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.tensor.random.Philox;

/// Squashes the image to a square of `size` pixels, whatever its proportions: torchvision's `Resize((size, size))`.
public record ResizeExact(int size) implements Transform {
    public ResizeExact {
        Transform.requireSize(size, "ResizeExact");
    }

    @Override
    public OptionalInt squareSide() {
        return OptionalInt.of(size);
    }

    @Override
    public RgbImage apply(RgbImage image, Philox draws) {
        return Resample.bilinear(image, size, size);
    }
}
