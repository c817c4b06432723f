package org.jmoco.nn.data.augment;

import org.jmoco.nn.data.image.RgbImage;

/// torchvision's `adjust_hue` on Pillow images: to 8-bit HSV, hue shifted modulo 256, and back (`Convert.c`).
///
/// All divisions depend on two bytes, so they are tabulated once, in the mixture of float and double that Pillow's
/// C uses: the numbers are the same to the bit.
final class Hue {
    /// 8-bit saturation, at max·256 + min.
    private static final byte[] SATURATION = new byte[1 << 16];

    /// 8-bit hue where red, green or blue is the largest, at delta·256 + part, see [#hueTables].
    private static final byte[][] HUE = hueTables();

    private Hue() {}

    /// @param turns shift as a part of the colour circle, −0.5 … 0.5; cut to 1/255 towards zero
    static RgbImage shift(RgbImage image, double turns) {
        int shift = (int) (turns * 255);
        RgbImage result = new RgbImage(image.width(), image.height());
        byte[] in = image.rgb();
        byte[] out = result.rgb();
        for (int i = 0; i < in.length; i += 3) {
            int red = in[i] & 0xFF;
            int green = in[i + 1] & 0xFF;
            int blue = in[i + 2] & 0xFF;
            int max = Math.max(red, Math.max(green, blue));
            int min = Math.min(red, Math.min(green, blue));
            int saturation = SATURATION[max << 8 | min] & 0xFF;
            if (saturation == 0) {
                out[i] = (byte) max;
                out[i + 1] = (byte) max;
                out[i + 2] = (byte) max;
                continue;
            }
            int hue = hue(red, green, blue, max, max - min);
            toRgb(hue + shift & 0xFF, saturation, max, out, i);
        }
        return result;
    }

    /// The largest channel picks a third of the circle; in it the hue depends on the difference of the other two
    /// over the delta.
    private static int hue(int red, int green, int blue, int max, int delta) {
        if (red == max) {
            return HUE[green >= blue ? 0 : 1][delta << 8 | Math.abs(green - blue)] & 0xFF;
        }
        if (green == max) {
            return HUE[blue >= red ? 2 : 3][delta << 8 | Math.abs(blue - red)] & 0xFF;
        }
        return HUE[red >= green ? 4 : 5][delta << 8 | Math.abs(red - green)] & 0xFF;
    }

    private static void toRgb(int hue, int saturation, int value, byte[] out, int at) {
        int sector = SECTOR[hue];
        float rest = REST[hue];
        float s = (float) (saturation / 255.0);
        byte p = (byte) (int) (value * (1.0 - s) + 0.5);
        byte v = (byte) value;
        // Even sectors need t, odd ones q: one multiplication, not two.
        byte mixed = (sector & 1) == 0
                ? (byte) (int) (value * (1.0 - s * (1.0 - rest)) + 0.5)
                : (byte) (int) (value * (1.0 - (double) (s * rest)) + 0.5);
        switch (sector) {
            case 0 -> set(out, at, v, mixed, p);
            case 1 -> set(out, at, mixed, v, p);
            case 2 -> set(out, at, p, v, mixed);
            case 3 -> set(out, at, p, mixed, v);
            case 4 -> set(out, at, mixed, p, v);
            default -> set(out, at, v, p, mixed);
        }
    }

    private static void set(byte[] out, int at, byte red, byte green, byte blue) {
        out[at] = red;
        out[at + 1] = green;
        out[at + 2] = blue;
    }

    /// Sixth of the circle that an 8-bit hue lies in (hue 255 is the start again), and how far into it.
    private static final int[] SECTOR = new int[256];

    private static final float[] REST = new float[256];

    static {
        for (int max = 1; max < 256; max++) {
            for (int min = 0; min < max; min++) {
                float s = (float) (max - min) / max;
                SATURATION[max << 8 | min] = (byte) (int) (s * 255.0);
            }
        }
        for (int hue = 0; hue < 256; hue++) {
            int sector = (int) Math.floor((float) hue * 6.0 / 255.0);
            SECTOR[hue] = sector % 6;
            REST[hue] = (float) ((float) hue * 6.0 / 255.0 - (float) sector);
        }
    }

    /// Tables 2k and 2k+1 serve the largest channel k. With the other two channels a (next on the circle) and b,
    /// the smaller of which is the minimum, their distances from the maximum over the delta are 1 and 1 − |a −
    /// b|/delta, whichever way round.
    private static byte[][] hueTables() {
        byte[][] tables = new byte[6][1 << 16];
        for (int delta = 1; delta < 256; delta++) {
            for (int difference = 0; difference <= delta; difference++) {
                float near = (float) (delta - difference) / (float) delta;
                float far = 1;
                for (int third = 0; third < 3; third++) {
                    tables[2 * third][delta << 8 | difference] = quantised(third, far, near);
                    tables[2 * third + 1][delta << 8 | difference] = quantised(third, near, far);
                }
            }
        }
        return tables;
    }

    private static byte quantised(int third, float minuend, float subtrahend) {
        float sixths = third == 0 ? minuend - subtrahend : (float) (2.0 * third + minuend - subtrahend);
        float turns = (float) ((sixths / 6.0 + 1.0) % 1.0);
        return (byte) Math.min((int) (turns * 255.0), 255);
    }
}
