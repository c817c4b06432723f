package org.jmoco.nn.data.dense;

import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.tensor.random.Philox;

/// Random changes of brightness, contrast, saturation and hue, each with probability ½: MMSegmentation's
/// `PhotoMetricDistortion`. Another coin tells whether contrast comes before saturation and hue (heads) or last.
///
/// Every step gives bytes: `x·factor + offset` in float32, cut to 0 … 255 and to its whole part.
///
/// @param brightness the largest offset, either way   @param lowest,highest factors of contrast and saturation
/// @param hue        the largest shift, either way, of the 180 that the circle has
public record PhotometricDistortion(double brightness, double lowest, double highest, int hue) {
    private static final int HUES = 180;

    /// Offsets of 32, factors of 0.5 to 1.5, hues of 18.
    public static final PhotometricDistortion STANDARD = new PhotometricDistortion(32, 0.5, 1.5, 18);

    /// @throws IllegalArgumentException if an amount is negative, the factors are not in order, or the hue is not in
    ///     1 … 180
    public PhotometricDistortion {
        if (!(brightness >= 0) || !(lowest >= 0 && lowest <= highest) || hue < 1 || hue > HUES) {
            throw new IllegalArgumentException("photometric distortion needs an offset and factors that are not"
                    + " negative and a hue of 1 … 180, got " + brightness + ", " + lowest + ", " + highest + ", "
                    + hue);
        }
    }

    /// What was drawn: a factor of 1, an offset or a shift of 0 stand for no change, which gives the same bytes
    /// except that a trip to HSV and back is not without loss; so those are marked.
    ///
    /// @param offset of brightness   @param contrast,saturation factors   @param shift of the hue
    record Drawn(
            boolean brightens,
            float offset,
            boolean contrastFirst,
            boolean contrasts,
            float contrast,
            boolean saturates,
            float saturation,
            boolean turns,
            int shift) {}

    RgbImage apply(RgbImage image, Philox draws) {
        return apply(image, draw(draws));
    }

    /// Draws in the order in which the steps come.
    Drawn draw(Philox draws) {
        boolean brightens = coin(draws);
        float offset = brightens ? (float) draws.uniform(-brightness, brightness) : 0;
        boolean contrastFirst = coin(draws);
        boolean contrasts = contrastFirst && coin(draws);
        float contrast = contrasts ? factor(draws) : 1;
        boolean saturates = coin(draws);
        float saturation = saturates ? factor(draws) : 1;
        boolean turns = coin(draws);
        int shift = turns ? draws.below(2 * hue) - hue : 0;
        if (!contrastFirst) {
            contrasts = coin(draws);
            contrast = contrasts ? factor(draws) : 1;
        }
        return new Drawn(brightens, offset, contrastFirst, contrasts, contrast, saturates, saturation, turns, shift);
    }

    private static boolean coin(Philox draws) {
        return draws.below(2) == 1;
    }

    private float factor(Philox draws) {
        return (float) draws.uniform(lowest, highest);
    }

    static RgbImage apply(RgbImage image, Drawn d) {
        RgbImage now = d.brightens ? mapped(image, 1, d.offset) : image;
        if (d.contrastFirst && d.contrasts) {
            now = mapped(now, d.contrast, 0);
        }
        if (d.saturates) {
            byte[] hsv = OpenCvHsv.fromRgb(now);
            byte[] table = table(d.saturation, 0);
            for (int i = 1; i < hsv.length; i += 3) {
                hsv[i] = table[hsv[i] & 0xFF];
            }
            now = OpenCvHsv.toRgb(hsv, now.width(), now.height());
        }
        if (d.turns) {
            byte[] hsv = OpenCvHsv.fromRgb(now);
            for (int i = 0; i < hsv.length; i += 3) {
                hsv[i] = (byte) Math.floorMod((hsv[i] & 0xFF) + d.shift, HUES);
            }
            now = OpenCvHsv.toRgb(hsv, now.width(), now.height());
        }
        return !d.contrastFirst && d.contrasts ? mapped(now, d.contrast, 0) : now;
    }

    private static RgbImage mapped(RgbImage image, float factor, float offset) {
        byte[] table = table(factor, offset);
        byte[] in = image.rgb();
        byte[] out = new byte[in.length];
        for (int i = 0; i < in.length; i++) {
            out[i] = table[in[i] & 0xFF];
        }
        return new RgbImage(image.width(), image.height(), out);
    }

    private static byte[] table(float factor, float offset) {
        byte[] table = new byte[256];
        for (int i = 0; i < table.length; i++) {
            table[i] = (byte) (int) Math.clamp(i * factor + offset, 0f, 255f);
        }
        return table;
    }
}
