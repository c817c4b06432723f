package org.jmoco.moco.algorithm;

import java.util.List;
import java.util.Optional;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Trace;

/// How views reach the device: as bytes, `[n, height, width, 3]`, which it normalises, or as floats that are
/// normalised already.
///
/// @param height    of every view, in pixels
/// @param width     of every view, in pixels
/// @param normalize what is done with bytes; empty if views are floats
public record Pixels(int height, int width, Optional<Normalize> normalize) {
    public Pixels {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("views must have at least one pixel, got " + height + "×" + width);
        }
    }

    /// Views of bytes.
    public static Pixels bytes(int height, int width, Normalize normalize) {
        return new Pixels(height, width, Optional.of(normalize));
    }

    /// Views of floats, normalised already.
    public static Pixels floats(int height, int width) {
        return new Pixels(height, width, Optional.empty());
    }

    DType type() {
        return normalize.isPresent() ? DType.U8 : DType.F32;
    }

    /// Bytes of one view.
    long size() {
        return 3L * height * width * type().bytes();
    }

    /// An input of `n` views, normalised.
    Tensor input(Trace p, String label, int n) {
        Tensor views = p.input(label, Shape.of(n, height, width, 3), type());
        return normalize
                .map(by -> views.normalizeImage(floats(by.mean()), floats(by.std())))
                .orElse(views);
    }

    private static float[] floats(List<Double> values) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i).floatValue();
        }
        return floats;
    }
}
