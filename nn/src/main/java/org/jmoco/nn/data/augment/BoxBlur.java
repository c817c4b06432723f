package org.jmoco.nn.data.augment;

import org.jmoco.nn.data.image.RgbImage;

/// Pillow's `GaussianBlur`: three passes along rows, then three along columns, of a box with fractional ends
/// (Gwosdek et al., "Theoretical foundations of Gaussian convolution by extended box filtering", SSVM 2011), each
/// rounded to bytes, edges replicated.
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

        RgbImage result = new RgbImage(image.width(), image.height());
        acrossRows(alongRows(image, kernel), kernel, result.rgb());
        return result;
    }

    /// Half the length, less a half, of the box whose third power has the variance σ²: equations 7, 11 and 14 of
    /// the paper.
    private static float boxRadius(float sigma) {
        float variance = sigma * sigma / PASSES;
        float length = (float) Math.sqrt(12.0 * variance + 1.0);
        float whole = (float) Math.floor((length - 1.0) / 2.0);
        float fraction = (2 * whole + 1) * (whole * (whole + 1) - 3 * variance);
        fraction /= 6 * (variance - (whole + 1) * (whole + 1));
        return whole + fraction;
    }

    /// @param radius whole pixels to each side   @param whole,end weights of them and of the two end pixels
    private record Kernel(int radius, int whole, int end) {
        /// `out = whole·(middle + Σ_{1 ≤ j ≤ radius} (before_j + after_j)) + end·(before_{radius+1} +
        /// after_{radius+1})`, rounded, for a row of samples. Sums reach 255·2²⁴: unsigned 32-bit arithmetic.
        ///
        /// @param before,after at index j − 1 the samples at the distance j
        void apply(int[] middle, int[][] before, int[][] after, int[] out) {
            System.arraycopy(middle, 0, out, 0, out.length);
            for (int j = 0; j < radius; j++) {
                add(out, before[j], after[j]);
            }
            weigh(out, before[radius], after[radius], whole, end);
        }

        /// The same index in all arrays: then they cannot overlap in a way that would keep the compiler from using
        /// vectors.
        private static void add(int[] out, int[] before, int[] after) {
            for (int i = 0; i < out.length; i++) {
                out[i] += before[i] + after[i];
            }
        }

        private static void weigh(int[] out, int[] before, int[] after, int whole, int end) {
            for (int i = 0; i < out.length; i++) {
                out[i] = out[i] * whole + (before[i] + after[i]) * end + HALF >>> 24;
            }
        }
    }

    /// The rows, blurred along themselves.
    private static int[][] alongRows(RgbImage image, Kernel kernel) {
        int row = 3 * image.width();
        int distances = kernel.radius + 1;
        int[][] before = new int[distances][row];
        int[][] after = new int[distances][row];
        int[][] rows = new int[image.height()][row];
        int[] line = new int[row];
        int[] blurred = new int[row];
        for (int y = 0; y < rows.length; y++) {
            unpack(image.rgb(), y * row, line);
            for (int pass = 0; pass < PASSES; pass++) {
                for (int j = 1; j <= distances; j++) {
                    shift(line, j, before[j - 1], after[j - 1]);
                }
                kernel.apply(line, before, after, pass < PASSES - 1 ? blurred : rows[y]);
                int[] swap = line;
                line = blurred;
                blurred = swap;
            }
        }
        return rows;
    }

    private static void unpack(byte[] rgb, int from, int[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] = rgb[from + i] & 0xFF;
        }
    }

    /// A row moved by some pixels to the right and to the left, its end pixels repeated.
    private static void shift(int[] line, int pixels, int[] right, int[] left) {
        int by = Math.min(3 * pixels, line.length);
        System.arraycopy(line, 0, right, by, line.length - by);
        System.arraycopy(line, by, left, 0, line.length - by);
        for (int i = 0; i < by; i++) {
            right[i] = line[i % 3];
            left[line.length - by + i] = line[line.length - 3 + i % 3];
        }
    }

    /// Blurs across the rows, and uses them up.
    private static void acrossRows(int[][] rows, Kernel kernel, byte[] to) {
        int row = rows[0].length;
        int[][] in = rows;
        int[][] out = new int[rows.length][row];
        int[][] before = new int[kernel.radius + 1][];
        int[][] after = new int[kernel.radius + 1][];
        for (int pass = 0; pass < PASSES; pass++) {
            for (int y = 0; y < rows.length; y++) {
                for (int j = 0; j <= kernel.radius; j++) {
                    before[j] = in[Math.max(y - j - 1, 0)];
                    after[j] = in[Math.min(y + j + 1, rows.length - 1)];
                }
                kernel.apply(in[y], before, after, out[y]);
            }
            int[][] swap = in;
            in = out;
            out = swap;
        }
        for (int y = 0; y < rows.length; y++) {
            for (int i = 0; i < row; i++) {
                to[y * row + i] = (byte) in[y][i];
            }
        }
    }
}
