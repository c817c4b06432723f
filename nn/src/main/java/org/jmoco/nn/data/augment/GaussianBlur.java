package org.jmoco.nn.data.augment;

import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.tensor.random.Philox;

/// Blur of a random strength, as SimCLR and MoCo v2 apply it through Pillow's `ImageFilter.GaussianBlur(radius=σ)`.
///
/// @param sigma range of the standard deviation in pixels, drawn uniformly
public record GaussianBlur(Range sigma) implements Transform {
    public GaussianBlur {
        if (sigma.low() <= 0 || sigma.high() > 100) {
            throw new DataException("GaussianBlur: sigma must lie in (0, 100] pixels, got " + sigma);
        }
    }

    @Override
    public RgbImage apply(RgbImage image, Philox draws) {
        return BoxBlur.gaussian(image, (float) sigma.uniform(draws));
    }
}
