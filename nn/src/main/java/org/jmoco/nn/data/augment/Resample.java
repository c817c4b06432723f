package org.jmoco.nn.data.augment;

import org.jmoco.nn.data.augment.RandomResizedCrop.Box;
import org.jmoco.nn.data.image.RgbImage;

/// Pillow's `resize(…, BILINEAR)`: a triangle filter, widened by the factor of reduction so that it averages,
/// first along rows, then along columns, each rounded to bytes; coefficients in 8-bit fixed point (`Resample.c`).
public final class Resample {
    /// Coefficients have 22 fractional bits: 32 less the 8 of a sample and 2 spare.
    private static final int PRECISION_BITS = 32 - 8 - 2;

    private static final int HALF = 1 << PRECISION_BITS - 1;

    private Resample() {}

    /// An image resized to `width × height` pixels.
    public static RgbImage bilinear(RgbImage image, int width, int height) {
        return bilinear(image, new Box(0, 0, image.width(), image.height()), width, height);
    }

    /// Resizes a box of an image. Nothing outside the box has a part in the result.
    static RgbImage bilinear(RgbImage image, Box box, int width, int height) {
        if (box.width() == width && box.height() == height) {
            return Geometry.crop(image, box.left(), box.top(), width, height);
        }
        RgbImage result = new RgbImage(width, height);
        Taps columns = Taps.of(box.width(), width);
        Taps rows = Taps.of(box.height(), height);
        // The rows that the current output row needs, each resized along itself once: row r lies at
        // ring[r mod ring.length].
        int[][] ring = new int[rows.most][3 * width];
        int[] sum = new int[3 * width];
        int done = 0;
        for (int y = 0; y < height; y++) {
            int first = rows.first[y];
            int count = rows.count[y];
            for (; done < first + count; done++) {
                int from = 3 * ((box.top() + done) * image.width() + box.left());
                columns.alongRow(image.rgb(), from, ring[done % rows.most]);
            }
            rows.acrossRows(y, ring, sum, result.rgb());
        }
        return result;
    }

    /// For each output position the input positions it draws from, `first … first+count−1`, and their coefficients.
    private static final class Taps {
        final int most;
        final int[] first;
        final int[] count;
        final int[] coefficients;
        private final boolean identity;

        private Taps(int out, int most, boolean identity) {
            this.most = most;
            this.identity = identity;
            first = new int[out];
            count = new int[out];
            coefficients = new int[out * most];
        }

        static Taps of(int in, int out) {
            double scale = (double) in / out;
            double filterScale = Math.max(scale, 1);
            double support = filterScale; // the triangle reaches 1 to each side
            Taps taps = new Taps(out, (int) Math.ceil(support) * 2 + 1, in == out);
            double[] weights = new double[taps.most];
            for (int o = 0; o < out; o++) {
                double centre = (o + 0.5) * scale;
                int first = Math.max((int) (centre - support + 0.5), 0);
                int count = Math.min((int) (centre + support + 0.5), in) - first;
                double total = 0;
                for (int t = 0; t < count; t++) {
                    double distance = Math.abs((t + first - centre + 0.5) * (1 / filterScale));
                    weights[t] = distance < 1 ? 1 - distance : 0;
                    total += weights[t];
                }
                taps.first[o] = first;
                taps.count[o] = count;
                for (int t = 0; t < count; t++) {
                    double weight = total == 0 ? weights[t] : weights[t] / total;
                    taps.coefficients[o * taps.most + t] = (int) (0.5 + weight * (1 << PRECISION_BITS));
                }
            }
            return taps;
        }

        /// Resizes one row of pixels that starts at `rgb[from]`; the results are bytes, held as ints.
        void alongRow(byte[] rgb, int from, int[] to) {
            if (identity) {
                for (int i = 0; i < to.length; i++) {
                    to[i] = rgb[from + i] & 0xFF;
                }
                return;
            }
            for (int x = 0, at = 0; x < first.length; x++, at += 3) {
                int red = HALF;
                int green = HALF;
                int blue = HALF;
                int pixel = from + 3 * first[x];
                int k = x * most;
                for (int end = k + count[x]; k < end; k++, pixel += 3) {
                    int weight = coefficients[k];
                    red += (rgb[pixel] & 0xFF) * weight;
                    green += (rgb[pixel + 1] & 0xFF) * weight;
                    blue += (rgb[pixel + 2] & 0xFF) * weight;
                }
                // Weights are positive with a sum of about one: no sum leaves 0 … 255 by more than rounding.
                to[at] = Math.min(red >> PRECISION_BITS, 255);
                to[at + 1] = Math.min(green >> PRECISION_BITS, 255);
                to[at + 2] = Math.min(blue >> PRECISION_BITS, 255);
            }
        }

        /// The weighted sum of rows that makes output row `y`.
        void acrossRows(int y, int[][] ring, int[] sum, byte[] to) {
            int at = y * sum.length;
            if (identity) {
                int[] row = ring[first[y] % most];
                for (int i = 0; i < sum.length; i++) {
                    to[at + i] = (byte) row[i];
                }
                return;
            }
            java.util.Arrays.fill(sum, HALF);
            for (int t = 0; t < count[y]; t++) {
                add(sum, ring[(first[y] + t) % most], coefficients[y * most + t]);
            }
            for (int i = 0; i < sum.length; i++) {
                to[at + i] = (byte) Math.min(sum[i] >> PRECISION_BITS, 255);
            }
        }

        private static void add(int[] sum, int[] row, int weight) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += row[i] * weight;
            }
        }
    }
}
