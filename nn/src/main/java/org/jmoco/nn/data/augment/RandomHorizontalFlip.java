package org.jmoco.nn.data.augment;

import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.tensor.random.Philox;

/// Left and right exchanged with probability `p`.
public record RandomHorizontalFlip(double p) implements Transform {
    public RandomHorizontalFlip {
        Transform.requireProbability(p, "RandomHorizontalFlip");
    }

    @Override
    public RgbImage apply(RgbImage image, Philox draws) {
        return draws.nextDouble() < p ? Geometry.flip(image) : image;
    }
}
