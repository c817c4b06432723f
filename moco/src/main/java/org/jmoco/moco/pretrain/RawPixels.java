package org.jmoco.moco.pretrain;

import java.util.Arrays;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.UnreadableImageException;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.nn.data.loader.Streams;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.tensor.io.ArrayData;

/// Images as features of their own: the normalised pixels of each one in a row. What an encoder has to beat.
///
/// @param values `[n, height · width · 3]`
/// @param labels `[n]`; images that cannot be read are missing
@SuppressWarnings("ArrayRecordComponent") // a carrier of arrays, never compared
record RawPixels(ArrayData values, int[] labels) {
    /// @param plain the test transform; it makes all images equally large
    static RawPixels of(ImageSource images, Pipeline plain) {
        float[] values = {};
        int[] labels = new int[images.size()];
        int n = 0;
        int dim = 0;
        for (int i = 0; i < images.size(); i++) {
            byte[] rgb;
            try {
                rgb = plain.apply(images.load(i), Streams.view(0, 0, i, 0)).rgb();
            } catch (UnreadableImageException e) {
                continue; // the encoders' features leave it out too
            }
            if (n == 0) {
                dim = rgb.length;
                values = new float[Math.multiplyExact(images.size(), dim)];
            }
            write(rgb, plain.normalize(), values, n * dim);
            labels[n++] = images.label(i);
        }
        if (n == 0) {
            throw new DataException("none of the " + images.size() + " images can be read");
        }
        return new RawPixels(ArrayData.ofFloats(Arrays.copyOf(values, n * dim), n, dim), Arrays.copyOf(labels, n));
    }

    private static void write(byte[] rgb, Normalize normalize, float[] to, int at) {
        for (int j = 0; j < rgb.length; j++) {
            to[at + j] = (float) (((rgb[j] & 0xff) / 255.0 - normalize.mean().get(j % 3))
                    / normalize.std().get(j % 3));
        }
    }
}
