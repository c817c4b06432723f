package org.jmoco.nn.data.augment;

import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.tensor.random.Philox;

/// Luma in all three channels with probability `p`.
public record RandomGrayscale(double p) implements Transform {
    public RandomGrayscale {
        Transform.requireProbability(p, "RandomGrayscale");
    }

    @Override
    public RgbImage apply(RgbImage image, Philox draws) {
        return draws.nextDouble() < p ? Colours.grayscale(image) : image;
    }
}
