package org.jmoco.nn.data.augment;

import java.util.Arrays;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.tensor.random.Philox;

/// Brightness, contrast, saturation and hue changed by random amounts, in a random order.
///
/// Factors of the first three are uniform in `[max(0, 1−x), 1+x]`, the hue shift in `[−hue, hue]` turns of the
/// colour circle. A parameter of 0 leaves its property alone. Each step rounds to bytes as Pillow does.
public record ColorJitter(double brightness, double contrast, double saturation, double hue) implements Transform {
    public ColorJitter {
        if (!(brightness >= 0 && contrast >= 0 && saturation >= 0 && hue >= 0 && hue <= 0.5)
                || Double.isInfinite(brightness + contrast + saturation)) {
            throw new DataException(
                    "ColorJitter: brightness, contrast and saturation must be at least 0 and hue between 0 "
                            + "and 0.5, got "
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
        int[] steps = Arrays.stream(order).filter(step -> strength(step) > 0).toArray();
        return apply(image, steps, brightnessFactor, contrastFactor, saturationFactor, hueShift);
    }

    /// The steps in a given order: 0 brightness, 1 contrast, 2 saturation, 3 hue.
    static RgbImage apply(RgbImage image, int[] steps, float brightness, float contrast, float saturation, double hue) {
        RgbImage result = image;
        for (int step : steps) {
            result = switch (step) {
                case 0 -> Colours.brightness(result, brightness);
                case 1 -> Colours.contrast(result, contrast);
                case 2 -> Colours.saturation(result, saturation);
                default -> Hue.shift(result, hue);
            };
        }
        return result;
    }

    private double strength(int step) {
        return switch (step) {
            case 0 -> brightness;
            case 1 -> contrast;
            case 2 -> saturation;
            default -> hue;
        };
    }

    private static float factor(double strength, Philox draws) {
        return (float) draws.uniform(Math.max(0, 1 - strength), 1 + strength);
    }
}
