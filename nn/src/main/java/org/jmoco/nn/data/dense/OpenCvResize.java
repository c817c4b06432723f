package org.jmoco.nn.data.dense;

import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.Target;

/// OpenCV's `resize` of bytes, to the bit: `INTER_LINEAR`, which does not average when it reduces, and
/// `INTER_NEAREST` (`imgproc/src/resize.cpp`, 4.x).
public final class OpenCvResize {
    /// Weights have 11 fractional bits.
    private static final int ONE = 1 << 11;

    private OpenCvResize() {}

    /// An image resized to `width × height` pixels.
    public static RgbImage bilinear(RgbImage image, int width, int height) {
        return bilinear(image, width, height, PixelBox.whole(width, height));
    }

    /// A box of an image that is resized to `width × height` pixels; nothing else of it is computed.
    public static RgbImage bilinear(RgbImage image, int width, int height, PixelBox box) {
        RgbImage result = new RgbImage(box.width(), box.height());
        // With both sides exactly halved OpenCV takes the mean of 2×2 pixels.
        if (image.width() == 2 * width && image.height() == 2 * height) {
            half(image, box, result);
            return result;
        }
        Taps columns = Taps.of(image.width(), width, box.left(), box.width(), true);
        Taps rows = Taps.of(image.height(), height, box.top(), box.height(), false);
        int[] upper = new int[3 * box.width()];
        int[] lower = new int[3 * box.width()];
        int upperRow = -1;
        int lowerRow = -1;
        for (int y = 0; y < box.height(); y++) {
            if (rows.first[y] == lowerRow) {
                int[] swap = upper;
                upper = lower;
                lower = swap;
                upperRow = lowerRow;
                lowerRow = -1;
            }
            if (rows.first[y] != upperRow) {
                upperRow = rows.first[y];
                columns.alongRow(image, upperRow, upper);
            }
            if (rows.second[y] != lowerRow) {
                lowerRow = rows.second[y];
                columns.alongRow(image, lowerRow, lower);
            }
            acrossRows(upper, lower, rows.weightOfFirst[y], rows.weightOfSecond[y], result.rgb(), y);
        }
        return result;
    }

    private static void acrossRows(int[] upper, int[] lower, int b0, int b1, byte[] to, int y) {
        int at = y * upper.length;
        for (int i = 0; i < upper.length; i++) {
            int sum = (b0 * (upper[i] >> 4) >> 16) + (b1 * (lower[i] >> 4) >> 16);
            to[at + i] = (byte) (sum + 2 >> 2);
        }
    }

    private static void half(RgbImage image, PixelBox box, RgbImage result) {
        byte[] in = image.rgb();
        int stride = 3 * image.width();
        for (int y = 0; y < box.height(); y++) {
            for (int x = 0; x < box.width(); x++) {
                int from = 2 * (box.top() + y) * stride + 6 * (box.left() + x);
                int to = 3 * (y * box.width() + x);
                for (int c = 0; c < 3; c++, from++) {
                    int sum = (in[from] & 0xFF)
                            + (in[from + 3] & 0xFF)
                            + (in[from + stride] & 0xFF)
                            + (in[from + stride + 3] & 0xFF);
                    result.rgb()[to + c] = (byte) (sum + 2 >> 2);
                }
            }
        }
    }

    /// A label map resized to `width × height` pixels: pixel i has the label of pixel ⌊i·n/m⌋.
    public static Target.LabelMap nearest(Target.LabelMap labels, int width, int height) {
        byte[] in = labels.classes();
        byte[] out = new byte[width * height];
        int[] columns = nearest(labels.width(), width);
        int[] rows = nearest(labels.height(), height);
        for (int y = 0; y < height; y++) {
            int from = rows[y] * labels.width();
            int to = y * width;
            for (int x = 0; x < width; x++) {
                out[to + x] = in[from + columns[x]];
            }
        }
        return new Target.LabelMap(width, height, out);
    }

    private static int[] nearest(int from, int to) {
        double step = 1 / ((double) to / from);
        int[] places = new int[to];
        for (int i = 0; i < to; i++) {
            places[i] = Math.min((int) Math.floor(i * step), from - 1);
        }
        return places;
    }

    /// For each output position the two input positions it draws from and their weights, in 2048ths.
    private record Taps(int[] first, int[] second, int[] weightOfFirst, int[] weightOfSecond) {
        /// @param edgeAlone whether a position beyond the outermost pixels draws from one alone (columns do; rows
        ///     weigh the repeated row twice, whose weights may differ from the whole by rounding)
        static Taps of(int from, int to, int start, int count, boolean edgeAlone) {
            Taps taps = new Taps(new int[count], new int[count], new int[count], new int[count]);
            double scale = 1 / ((double) to / from);
            for (int i = 0; i < count; i++) {
                float place = (float) ((start + i + 0.5) * scale - 0.5);
                int low = (int) Math.floor(place);
                float fraction = place - low;
                if (edgeAlone && low < 0) {
                    fraction = 0;
                    low = 0;
                }
                if (edgeAlone && low >= from - 1) {
                    fraction = 0;
                    low = from - 1;
                }
                taps.first[i] = Math.clamp(low, 0, from - 1);
                taps.second[i] = Math.clamp(low + 1L, 0, from - 1);
                taps.weightOfFirst[i] = (int) Math.rint((1 - fraction) * ONE);
                taps.weightOfSecond[i] = (int) Math.rint(fraction * ONE);
            }
            return taps;
        }

        /// Resizes one row of an image along itself.
        void alongRow(RgbImage image, int row, int[] to) {
            byte[] rgb = image.rgb();
            int start = 3 * row * image.width();
            for (int x = 0, at = 0; x < first.length; x++, at += 3) {
                int left = start + 3 * first[x];
                int right = start + 3 * second[x];
                int a0 = weightOfFirst[x];
                int a1 = weightOfSecond[x];
                to[at] = (rgb[left] & 0xFF) * a0 + (rgb[right] & 0xFF) * a1;
                to[at + 1] = (rgb[left + 1] & 0xFF) * a0 + (rgb[right + 1] & 0xFF) * a1;
                to[at + 2] = (rgb[left + 2] & 0xFF) * a0 + (rgb[right + 2] & 0xFF) * a1;
            }
        }
    }
}
