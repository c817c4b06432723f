package org.jmoco.nn.data.augment;

import org.jmoco.nn.data.image.RgbImage;

/// Grayscale, brightness, contrast and saturation with the arithmetic of Pillow's `convert("L")` and `ImageEnhance`.
///
/// The enhancements are blends `other + factor·(image − other)` in float32, cut to 0 … 255 and truncated to bytes.
final class Colours {
    private Colours() {}

    /// ITU-R 601-2 luma: `(19595·R + 38470·G + 7471·B + 2¹⁵) >> 16`.
    static int luma(int red, int green, int blue) {
        return red * 19595 + green * 38470 + blue * 7471 + 0x8000 >> 16;
    }

    /// Luma in all three channels.
    static RgbImage grayscale(RgbImage image) {
        RgbImage result = new RgbImage(image.width(), image.height());
        byte[] in = image.rgb();
        byte[] out = result.rgb();
        for (int i = 0; i < in.length; i += 3) {
            byte gray = (byte) luma(in[i] & 0xFF, in[i + 1] & 0xFF, in[i + 2] & 0xFF);
            out[i] = gray;
            out[i + 1] = gray;
            out[i + 2] = gray;
        }
        return result;
    }

    /// Blend with black.
    static RgbImage brightness(RgbImage image, float factor) {
        return mapped(image, blendTable(0, factor));
    }

    /// Blend with the rounded mean of the luma.
    static RgbImage contrast(RgbImage image, float factor) {
        byte[] in = image.rgb();
        long sum = 0;
        for (int i = 0; i < in.length; i += 3) {
            sum += luma(in[i] & 0xFF, in[i + 1] & 0xFF, in[i + 2] & 0xFF);
        }
        int mean = (int) ((double) sum / (in.length / 3) + 0.5);
        return mapped(image, blendTable(mean, factor));
    }

    /// Blend with the grayscale image.
    static RgbImage saturation(RgbImage image, float factor) {
        RgbImage result = new RgbImage(image.width(), image.height());
        byte[] in = image.rgb();
        byte[] out = result.rgb();
        for (int i = 0; i < in.length; i += 3) {
            int red = in[i] & 0xFF;
            int green = in[i + 1] & 0xFF;
            int blue = in[i + 2] & 0xFF;
            int gray = luma(red, green, blue);
            out[i] = blend(gray, red, factor);
            out[i + 1] = blend(gray, green, factor);
            out[i + 2] = blend(gray, blue, factor);
        }
        return result;
    }

    private static byte blend(int other, int value, float factor) {
        return (byte) Math.clamp((int) (other + factor * (value - other)), 0, 255);
    }

    private static byte[] blendTable(int other, float factor) {
        byte[] table = new byte[256];
        for (int value = 0; value < 256; value++) {
            table[value] = blend(other, value, factor);
        }
        return table;
    }

    private static RgbImage mapped(RgbImage image, byte[] table) {
        RgbImage result = new RgbImage(image.width(), image.height());
        byte[] in = image.rgb();
        byte[] out = result.rgb();
        for (int i = 0; i < in.length; i++) {
            out[i] = table[in[i] & 0xFF];
        }
        return result;
    }
}
