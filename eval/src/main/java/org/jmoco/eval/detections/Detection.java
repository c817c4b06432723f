package org.jmoco.eval.detections;

import java.util.Optional;
import org.jmoco.eval.masks.Rle;

/// An object that a detector found. The box is kept as COCO's files have it, so that nothing is rounded between a
/// file and a score; in coordinates of [org.jmoco.nn.data.source.Target.Box].
///
/// @param label  class number, from 0   @param score higher is surer; finite
/// @param x,y    left and upper edge in pixels   @param width,height in pixels   @param mask its pixels, if known
public record Detection(int label, double score, double x, double y, double width, double height, Optional<Rle> mask) {
    /// @throws IllegalArgumentException if the label is negative, or a number not finite
    public Detection {
        if (label < 0 || !Double.isFinite(score + x + y + width + height)) {
            throw new IllegalArgumentException("a detection of class " + label + " with the score " + score
                    + " and the box " + x + ", " + y + ", " + width + ", " + height + ": numbers were expected");
        }
    }

    /// The right edge.
    public double right() {
        return x + width;
    }

    /// The lower edge.
    public double bottom() {
        return y + height;
    }

    /// The same with its pixels.
    public Detection withMask(Rle pixels) {
        return new Detection(label, score, x, y, width, height, Optional.of(pixels));
    }
}
