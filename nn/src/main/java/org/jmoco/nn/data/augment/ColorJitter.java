package org.jmoco.nn.data.augment;

import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.tensor.random.Philox;

/// Brightness, contrast, saturation and hue changed by random amounts, in a random order.
///
/// Factors of the first three are uniform in `[max(0, 1−x), 1+x]`, the hue shift in `[−hue, hue]` turns of the colour circle. A
/// parameter of 0 leaves its property alone. Each step rounds to bytes as Pillow does.
public record ColorJitter(double brightness, double contrast, double saturation, double hue) implements Transform {
    public ColorJitter {
        if (!(brightness >= 0 && contrast >= 0 && saturation >= 0 && hue >= 0 && hue <= 0.5)
                || Double.isInfinite(brightness + contrast + saturation)) {
            throw new DataException(
                    "ColorJitter: brightness, contrast and saturation must be at least 0 and hue between 0 and 0.5, got "
                            + brightness + ", " + contrast + ", " + saturation + ", " + hue);
        }
    }

    @Override
    public RgbImage apply(RgbImage image, Philox draws) {
        int[] order = draws.permutation(4);
        float brightnessFactor = factor(brightness, draws);
        float contrastFactor = factor(contrast, draws);
        float saturationFactor = factor(saturation, draws);
        double hueShift = draws.uniform(-hue, hue);
        RgbImage result = image;
        for (int step : order) {
            result =
                    switch (step) {
                        case 0 -> brightness == 0 ? result : Colours.brightness(result, brightnessFactor);
                        case 1 -> contrast == 0 ? result : Colours.contrast(result, contrastFactor);
                        case 2 -> saturation == 0 ? result : Colours.saturation(result, saturationFactor);
                        default -> hue == 0 ? result : Hue.shift(result, hueShift);
                    };
        }
        return result;
    }

    private static float factor(double strength, Philox draws) {
        return (float) draws.uniform(Math.max(0, 1 - strength), 1 + strength);
    }
}
