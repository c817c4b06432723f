package org.jmoco.nn.data.dense;

import org.jmoco.nn.data.image.RgbImage;

/// OpenCV's conversion of bytes between RGB and HSV with hues of 0 … 179 (`imgproc/src/color_hsv.simd.hpp`, 4.x).
///
/// To HSV it is in fixed point. Back it is in float32, with `1 − s·rest` rounded once, and cut to bytes; both are equal
/// to the bit, except that OpenCV rounds instead of cutting in the last pixels of a row, those after the last whole
/// vector of its processor (32 pixels with AVX2), where a third of the bytes is one higher.
final class OpenCvHsv {
    private static final int SHIFT = 12;
    private static final int HALF = 1 << SHIFT - 1;
    private static final int HUES = 180;

    /// 255 over the value, and 180 over six times the difference, in 4096ths.
    private static final int[] OVER_VALUE = new int[256];

    private static final int[] OVER_DIFFERENCE = new int[256];

    static {
        for (int i = 1; i < 256; i++) {
            OVER_VALUE[i] = (int) Math.rint((255 << SHIFT) / (double) i);
            OVER_DIFFERENCE[i] = (int) Math.rint((HUES << SHIFT) / (6.0 * i));
        }
    }

    private OpenCvHsv() {}

    /// Hue, saturation and value of every pixel, in the places of red, green and blue.
    static byte[] fromRgb(RgbImage image) {
        byte[] rgb = image.rgb();
        byte[] hsv = new byte[rgb.length];
        for (int i = 0; i < rgb.length; i += 3) {
            int r = rgb[i] & 0xFF;
            int g = rgb[i + 1] & 0xFF;
            int b = rgb[i + 2] & 0xFF;
            int value = Math.max(r, Math.max(g, b));
            int difference = value - Math.min(r, Math.min(g, b));
            int sixths;
            if (value == r) {
                sixths = g - b;
            } else if (value == g) {
                sixths = b - r + 2 * difference;
            } else {
                sixths = r - g + 4 * difference;
            }
            int hue = sixths * OVER_DIFFERENCE[difference] + HALF >> SHIFT;
            hsv[i] = (byte) (hue < 0 ? hue + HUES : hue);
            hsv[i + 1] = (byte) (difference * OVER_VALUE[value] + HALF >> SHIFT);
            hsv[i + 2] = (byte) value;
        }
        return hsv;
    }

    /// The image with the given hues, saturations and values.
    static RgbImage toRgb(byte[] hsv, int width, int height) {
        RgbImage image = new RgbImage(width, height);
        byte[] rgb = image.rgb();
        for (int i = 0; i < rgb.length; i += 3) {
            float h = (hsv[i] & 0xFF) * (6f / HUES);
            float s = (hsv[i + 1] & 0xFF) * (1 / 255f);
            float v = (hsv[i + 2] & 0xFF) * (1 / 255f);
            int sector = (int) h;
            float rest = h - sector;
            byte full = bits(v);
            byte none = bits(v * (1 - s));
            byte falling = bits(v * oneLess(s, rest));
            byte rising = bits(v * oneLess(s, 1 - rest));
            switch (sector % 6) {
                case 0 -> set(rgb, i, full, rising, none);
                case 1 -> set(rgb, i, falling, full, none);
                case 2 -> set(rgb, i, none, full, rising);
                case 3 -> set(rgb, i, none, falling, full);
                case 4 -> set(rgb, i, rising, none, full);
                default -> set(rgb, i, full, none, falling);
            }
        }
        return image;
    }

    /// `1 − a·b`, rounded once: the product of two floats is a double.
    private static float oneLess(float a, float b) {
        return (float) (1 - (double) a * b);
    }

    private static byte bits(float part) {
        return (byte) (int) (part * 255f);
    }

    private static void set(byte[] rgb, int at, byte r, byte g, byte b) {
        rgb[at] = r;
        rgb[at + 1] = g;
        rgb[at + 2] = b;
    }
}
