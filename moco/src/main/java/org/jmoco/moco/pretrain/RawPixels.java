package org.jmoco.moco.pretrain;

import java.util.Arrays;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.nn.data.loader.Streams;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.tensor.io.ArrayData;

/// Images as features of their own: the normalised pixels of each one in a row. What an encoder has to beat.
final class RawPixels {
    private RawPixels() {}

    /// `[n, height · width · 3]`
    ///
    /// @param plain the test transform; it makes all images equally large
    static ArrayData of(ImageSource images, Pipeline plain) {
        float[] values = {};
        for (int i = 0; i < images.size(); i++) {
            byte[] rgb = plain.apply(images.load(i), Streams.view(0, 0, i, 0)).rgb();
            if (i == 0) {
                values = new float[Math.multiplyExact(images.size(), rgb.length)];
            }
            write(rgb, plain.normalize(), values, i * rgb.length);
        }
        return ArrayData.ofFloats(values, images.size(), values.length / images.size());
    }

    private static void write(byte[] rgb, Normalize normalize, float[] to, int at) {
        for (int j = 0; j < rgb.length; j++) {
            to[at + j] = (float) (((rgb[j] & 0xff) / 255.0 - normalize.mean().get(j % 3))
                    / normalize.std().get(j % 3));
        }
    }

    /// `[n]`
    static int[] labels(ImageSource images) {
        int[] labels = new int[images.size()];
        Arrays.setAll(labels, images::label);
        return labels;
    }
}
