package org.jmoco.nn.data.dense;

import java.util.List;
import java.util.stream.IntStream;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.data.image.RgbImage;

/// Images normalised first and resized then, as torchvision's detectors see them: PyTorch's
/// `interpolate(mode="bilinear")` in float32, which does not average when it reduces.
///
/// Place i of n, stretched to m, lies at `max((i + ½)·(n/m) − ½, 0)`, where n/m is a float32 and the rest is
/// float64, to the bit of PyTorch 1.13.
public final class FloatResize {
    private static final int CHANNELS = 3;
    private static final float MOST = 255;

    private FloatResize() {}

    /// An image's numbers, with zeros right of and below it.
    ///
    /// @param to size of the image, not above `padded`
    /// @return `[padded height, padded width, 3]`
    public static float[] padded(RgbImage image, Normalize normalize, RatioResize.Size to, RatioResize.Size padded) {
        float[][] values = values(normalize);
        Taps across = Taps.of(image.width(), to.width());
        Taps down = Taps.of(image.height(), to.height());
        float[] result = new float[Math.multiplyExact(CHANNELS * padded.height(), padded.width())];
        IntStream.range(0, to.height())
                .parallel()
                .forEach(y -> row(image, values, across, down, y, result, CHANNELS * y * padded.width()));
        return result;
    }

    private static void row(RgbImage image, float[][] values, Taps across, Taps down, int y, float[] result, int at) {
        byte[] rgb = image.rgb();
        int above = CHANNELS * down.first[y] * image.width();
        int below = CHANNELS * down.second[y] * image.width();
        float v = down.share[y];
        for (int x = 0; x < across.first.length; x++) {
            int left = CHANNELS * across.first[x];
            int right = CHANNELS * across.second[x];
            float u = across.share[x];
            for (int c = 0; c < CHANNELS; c++) {
                float[] value = values[c];
                float upper = (1 - u) * value[rgb[above + left + c] & 0xFF] + u * value[rgb[above + right + c] & 0xFF];
                float lower = (1 - u) * value[rgb[below + left + c] & 0xFF] + u * value[rgb[below + right + c] & 0xFF];
                result[at + CHANNELS * x + c] = (1 - v) * upper + v * lower;
            }
        }
    }

    /// What each byte of a channel becomes.
    private static float[][] values(Normalize normalize) {
        float[][] values = new float[CHANNELS][1 << Byte.SIZE];
        List<Double> mean = normalize.mean();
        List<Double> std = normalize.std();
        for (int c = 0; c < CHANNELS; c++) {
            for (int v = 0; v < values[c].length; v++) {
                values[c][v] =
                        (v / MOST - mean.get(c).floatValue()) / std.get(c).floatValue();
            }
        }
        return values;
    }

    /// Which two places of an axis make a new one.
    ///
    /// @param share of the second
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Taps(int[] first, int[] second, float[] share) {
        static Taps of(int from, int to) {
            Taps taps = new Taps(new int[to], new int[to], new float[to]);
            double step = (float) from / to;
            for (int i = 0; i < to; i++) {
                double place = Math.max(step * (i + 0.5) - 0.5, 0);
                taps.first[i] = Math.min((int) place, from - 1);
                taps.second[i] = Math.min(taps.first[i] + 1, from - 1);
                taps.share[i] = (float) (place - taps.first[i]);
            }
            return taps;
        }
    }
}
