package org.jmoco.nn.data.augment;

import java.util.OptionalInt;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.tensor.random.Philox;

/// The central square of `size` pixels; a smaller image is padded with black.
public record CenterCrop(int size) implements Transform {
    public CenterCrop {
        Transform.requireSize(size, "CenterCrop");
    }

    @Override
    public OptionalInt squareSide() {
        return OptionalInt.of(size);
    }

    @Override
    public RgbImage apply(RgbImage image, Philox draws) {
        return Geometry.centerCrop(image, size);
    }
}
