package org.jmoco.tensor.ops.pool;

import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.ops.conv.ConvShape;

/// A square window that slides over images `[n, h, w, c]`, each channel on its own.
///
/// @param kernel  side of the window
/// @param stride  positions between two windows
/// @param padding positions added on every side, at most half the window; windows that would begin beyond the last
///     of them do not exist (`ceil_mode` off)
public record Pooling(int kernel, int stride, int padding) {
    public Pooling {
        if (kernel < 1 || stride < 1 || padding < 0 || padding > kernel / 2) {
            throw new ShapeException(
                    "pooling: kernel and stride must be at least 1 and padding 0 to half the kernel, got kernel "
                            + kernel + ", stride " + stride + ", padding " + padding);
        }
    }

    /// The pooled shape.
    Shape shapeOf(String op, Shape x) {
        x.requireRank(4, op, "images [n, h, w, c]");
        int oh = outputs(x.dim(1));
        int ow = outputs(x.dim(2));
        if (oh < 1 || ow < 1) {
            throw new ShapeException(op + ": a window of " + kernel + "×" + kernel + " does not fit into images " + x
                    + " with padding " + padding);
        }
        return Shape.of(x.dim(0), oh, ow, x.dim(3));
    }

    private int outputs(int size) {
        return ConvShape.outputs(size, kernel, stride, padding, 1);
    }

    /// First position inside the image of window `i`.
    int from(int i) {
        return Math.max(0, i * stride - padding);
    }

    /// Position behind the last one inside an image of this size.
    int to(int i, int size) {
        return Math.min(size, i * stride - padding + kernel);
    }
}
