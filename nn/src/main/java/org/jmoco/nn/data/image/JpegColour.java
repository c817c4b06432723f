package org.jmoco.nn.data.image;

/// The colour conversions of libjpeg (`jdcolor.c`) and Pillow, in the same fixed-point arithmetic.
final class JpegColour {
    private static final int BITS = 16;
    private static final int HALF = 1 << BITS - 1;

    /// What Cr adds to red and Cb to blue, and what both, scaled by 2¹⁶, add to green.
    private static final int[] CR_RED = new int[256];
    private static final int[] CB_BLUE = new int[256];
    private static final int[] CR_GREEN = new int[256];
    private static final int[] CB_GREEN = new int[256];

    /// The byte of a sum is at that sum + BELOW; sums of a byte and a difference are from −227 to 480.
    private static final int BELOW = 256;

    private static final byte[] CLIPPED = new byte[3 * 256];

    static {
        for (int i = 0; i < CLIPPED.length; i++) {
            CLIPPED[i] = clip(i - BELOW);
        }
        for (int i = 0; i < 256; i++) {
            int centred = i - 128;
            CR_RED[i] = fixed(1.40200) * centred + HALF >> BITS;
            CB_BLUE[i] = fixed(1.77200) * centred + HALF >> BITS;
            CR_GREEN[i] = -fixed(0.71414) * centred;
            CB_GREEN[i] = -fixed(0.34414) * centred + HALF;
        }
    }

    private JpegColour() {}

    /// Interleaved samples to RGB.
    static byte[] toRgb(byte[] samples, JpegHeader.Colour colour) {
        return switch (colour) {
            case GRAY -> grayToRgb(samples);
            case RGB -> samples;
            case YCC -> {
                for (int i = 0; i < samples.length - 2; i += 3) {
                    yccToRgb(samples, i);
                }
                yield samples;
            }
            case CMYK -> invertedCmykToRgb(samples);
            case YCCK -> {
                // Equal to C = 255 − R and so on followed by Adobe's inversion.
                for (int i = 0; i < samples.length - 3; i += 4) {
                    yccToRgb(samples, i);
                    samples[i] = (byte) ~samples[i];
                    samples[i + 1] = (byte) ~samples[i + 1];
                    samples[i + 2] = (byte) ~samples[i + 2];
                }
                yield invertedCmykToRgb(samples);
            }
        };
    }

    static byte[] grayToRgb(byte[] gray) {
        byte[] rgb = new byte[3 * gray.length];
        for (int i = 0, to = 0; i < gray.length; i++, to += 3) {
            rgb[to] = gray[i];
            rgb[to + 1] = gray[i];
            rgb[to + 2] = gray[i];
        }
        return rgb;
    }

    /// In place on three samples. What is beyond a byte is cut off by a table, in less time than by comparisons.
    private static void yccToRgb(byte[] samples, int at) {
        int y = (samples[at] & 0xFF) + BELOW;
        int cb = samples[at + 1] & 0xFF;
        int cr = samples[at + 2] & 0xFF;
        samples[at] = CLIPPED[y + CR_RED[cr]];
        samples[at + 1] = CLIPPED[y + (CB_GREEN[cb] + CR_GREEN[cr] >> BITS)];
        samples[at + 2] = CLIPPED[y + CB_BLUE[cb]];
    }

    /// Pillow's `cmyk2rgb` on samples stored inverted, as Adobe's programs do and Pillow assumes.
    private static byte[] invertedCmykToRgb(byte[] cmyk) {
        byte[] rgb = new byte[cmyk.length / 4 * 3];
        for (int from = 0, to = 0; from + 3 < cmyk.length; from += 4, to += 3) {
            int white = cmyk[from + 3] & 0xFF;
            for (int c = 0; c < 3; c++) {
                rgb[to + c] = clip(white - timesOver255(255 - (cmyk[from + c] & 0xFF), white));
            }
        }
        return rgb;
    }

    /// `a·b/255`, rounded, for bytes.
    private static int timesOver255(int a, int b) {
        int product = a * b + 128;
        return (product >> 8) + product >> 8;
    }

    private static byte clip(int value) {
        return (byte) Math.clamp(value, 0, 255);
    }

    private static int fixed(double factor) {
        return (int) (factor * (1 << BITS) + 0.5);
    }
}
