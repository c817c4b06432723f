package org.jmoco.nn.data.augment;

import org.jmoco.nn.data.image.RgbImage;

/// Pillow's `GaussianBlur`: three passes along rows, then three along columns, of a box with fractional ends (Gwosdek et al.,
/// "Theoretical foundations of Gaussian convolution by extended box filtering", SSVM 2011), each rounded to bytes, edges replicated.
final class BoxBlur {
    private static final int PASSES = 3;
    private static final int HALF = 1 << 23;

    private BoxBlur() {}

    /// @param sigma standard deviation in pixels, above 0
    static RgbImage gaussian(RgbImage image, float sigma) {
        float reach = boxRadius(sigma);
        int radius = (int) reach;
        // Weights of a whole pixel and of the two end pixels, in 24-bit fixed point.
        int whole = (int) ((1 << 24) / (reach * 2 + 1));
        int end = ((1 << 24) - (radius * 2 + 1) * whole) / 2;
        Kernel kernel = new Kernel(radius, whole, end);

        int row = 3 * image.width();
        int[] pixels = new int[row * image.height()];
        alongRows(image, kernel, pixels);
        pixels = acrossRows(pixels, row, image.height(), kernel);
        RgbImage result = new RgbImage(image.width(), image.height());
        byte[] out = result.rgb();
        for (int i = 0; i < out.length; i++) {
            out[i] = (byte) pixels[i];
        }
        return result;
    }

    /// Half the length, less a half, of the box whose third power has the variance σ²: equations 7, 11 and 14 of the paper.
    private static float boxRadius(float sigma) {
        float variance = sigma * sigma / PASSES;
        float length = (float) Math.sqrt(12.0 * variance + 1.0);
        float whole = (float) Math.floor((length - 1.0) / 2.0);
        float fraction = (2 * whole + 1) * (whole * (whole + 1) - 3 * variance);
        fraction /= 6 * (variance - (whole + 1) * (whole + 1));
        return whole + fraction;
    }

    private record Kernel(int radius, int whole, int end) {
        /// `out[i] = whole·Σ_{|j| ≤ radius} in[i + j·step] + end·(in[i − (radius+1)·step] + in[i + (radius+1)·step])`, rounded.
        /// Sums reach 255·2²⁴: unsigned 32-bit arithmetic.
        void apply(int[] in, int from, int step, int[] out, int to, int length) {
            int reach = (radius + 1) * step;
            if (radius == 0) {
                for (int i = 0; i < length; i++) {
                    int ends = in[from + i - reach] + in[from + i + reach];
                    out[to + i] = in[from + i] * whole + ends * end + HALF >>> 24;
                }
                return;
            }
            for (int i = 0; i < length; i++) {
                out[to + i] = in[from + i];
            }
            for (int j = step; j < reach; j += step) {
                for (int i = 0; i < length; i++) {
                    out[to + i] += in[from + i - j] + in[from + i + j];
                }
            }
            for (int i = 0; i < length; i++) {
                int ends = in[from + i - reach] + in[from + i + reach];
                out[to + i] = out[to + i] * whole + ends * end + HALF >>> 24;
            }
        }
    }

    private static void alongRows(RgbImage image, Kernel kernel, int[] to) {
        int row = 3 * image.width();
        int margin = 3 * (kernel.radius + 1);
        int[] line = new int[row + 2 * margin];
        int[] blurred = new int[row];
        byte[] in = image.rgb();
        for (int y = 0; y < image.height(); y++) {
            for (int i = 0; i < row; i++) {
                blurred[i] = in[y * row + i] & 0xFF;
            }
            for (int pass = 0; pass < PASSES; pass++) {
                System.arraycopy(blurred, 0, line, margin, row);
                for (int i = 0; i < margin; i++) {
                    line[i] = blurred[i % 3];
                    line[margin + row + i] = blurred[row - 3 + i % 3];
                }
                kernel.apply(line, margin, 3, blurred, 0, row);
            }
            System.arraycopy(blurred, 0, to, y * row, row);
        }
    }

    /// Passes over the whole image, which has replicated rows above and below as a margin.
    private static int[] acrossRows(int[] pixels, int row, int height, Kernel kernel) {
        int margin = (kernel.radius + 1) * row;
        int[] in = new int[pixels.length + 2 * margin];
        for (int pass = 0; pass < PASSES; pass++) {
            System.arraycopy(pixels, 0, in, margin, pixels.length);
            for (int y = 0; y <= kernel.radius; y++) {
                System.arraycopy(pixels, 0, in, y * row, row);
                System.arraycopy(pixels, pixels.length - row, in, margin + pixels.length + y * row, row);
            }
            for (int y = 0; y < height; y++) {
                kernel.apply(in, margin + y * row, row, pixels, y * row, row);
            }
        }
        return pixels;
    }
}
