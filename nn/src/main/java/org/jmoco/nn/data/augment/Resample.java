package org.jmoco.nn.data.augment;

import java.util.Arrays;
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
        /// So many coefficients are summed without a loop over them: crops of photographs have two to four, and a loop
        /// of so few turns takes twice as long.
        private static final int FEW = 4;

        final int most;
        final int[] first;
        final int[] count;
        final int[] coefficients;
        private final boolean identity;
        private int few; // coefficients that every position may sum, zeros among them; 0 if they are more than FEW

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
            taps.makeFew(in);
            return taps;
        }

        /// Lets every position have the same number of coefficients where that is small: behind its own lie zeros, or
        /// before them at the end of the input.
        private void makeFew(int in) {
            int largest = Math.max(2, Arrays.stream(count).max().orElse(0));
            if (identity || largest > FEW || largest > in) {
                return;
            }
            few = largest;
            for (int o = 0; o < first.length; o++) {
                int beyond = Math.max(0, first[o] + few - in);
                System.arraycopy(coefficients, o * most, coefficients, o * most + beyond, count[o]);
                Arrays.fill(coefficients, o * most, o * most + beyond, 0);
                first[o] -= beyond;
                count[o] += beyond;
            }
        }

        /// Resizes one row of pixels that starts at `rgb[from]`; the results are bytes, held as ints.
        void alongRow(byte[] rgb, int from, int[] to) {
            if (identity) {
                for (int i = 0; i < to.length; i++) {
                    to[i] = rgb[from + i] & 0xFF;
                }
                return;
            }
            if (few > 0) {
                fewAlongRow(rgb, from, to);
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
                to[at] = sample(red);
                to[at + 1] = sample(green);
                to[at + 2] = sample(blue);
            }
        }

        private void fewAlongRow(byte[] rgb, int from, int[] to) {
            int n = few;
            for (int x = 0, at = 0; x < first.length; x++, at += 3) {
                int p = from + 3 * first[x];
                int k = x * most;
                int w0 = coefficients[k];
                int w1 = coefficients[k + 1];
                int red = HALF + (rgb[p] & 0xFF) * w0 + (rgb[p + 3] & 0xFF) * w1;
                int green = HALF + (rgb[p + 1] & 0xFF) * w0 + (rgb[p + 4] & 0xFF) * w1;
                int blue = HALF + (rgb[p + 2] & 0xFF) * w0 + (rgb[p + 5] & 0xFF) * w1;
                if (n > 2) {
                    int w2 = coefficients[k + 2];
                    red += (rgb[p + 6] & 0xFF) * w2;
                    green += (rgb[p + 7] & 0xFF) * w2;
                    blue += (rgb[p + 8] & 0xFF) * w2;
                    if (n > 3) {
                        int w3 = coefficients[k + 3];
                        red += (rgb[p + 9] & 0xFF) * w3;
                        green += (rgb[p + 10] & 0xFF) * w3;
                        blue += (rgb[p + 11] & 0xFF) * w3;
                    }
                }
                to[at] = sample(red);
                to[at + 1] = sample(green);
                to[at + 2] = sample(blue);
            }
        }

        /// A sum as a byte. Weights are positive with a sum of about one: no sum leaves 0 … 255 by more than rounding.
        private static int sample(int sum) {
            return Math.min(sum >> PRECISION_BITS, 255);
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
            Arrays.fill(sum, HALF);
            for (int t = 0; t < count[y]; t++) {
                add(sum, ring[(first[y] + t) % most], coefficients[y * most + t]);
            }
            for (int i = 0; i < sum.length; i++) {
                to[at + i] = (byte) sample(sum[i]);
            }
        }

        private static void add(int[] sum, int[] row, int weight) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += row[i] * weight;
            }
        }
    }
}
