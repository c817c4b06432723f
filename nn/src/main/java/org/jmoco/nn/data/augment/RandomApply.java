package org.jmoco.nn.data.augment;

import java.util.List;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.tensor.random.Philox;

/// All of a list of transforms, or none of them.
///
/// @param p probability that they are applied
public record RandomApply(double p, List<Transform> transforms) implements Transform {
    public RandomApply {
        Transform.requireProbability(p, "RandomApply");
        transforms = List.copyOf(transforms);
        for (Transform t : transforms) {
            if (t.squareSide().isPresent() || t instanceof PcaLighting || t instanceof Resize) {
                throw new DataException("RandomApply: " + t.getClass().getSimpleName()
                        + " cannot be left to chance: views need one size");
            }
        }
    }

    public RandomApply(double p, Transform transform) {
        this(p, List.of(transform));
    }

    @Override
    public RgbImage apply(RgbImage image, Philox draws) {
        if (draws.nextDouble() >= p) {
            return image;
        }
        RgbImage result = image;
        for (Transform t : transforms) {
            result = t.apply(result, draws);
        }
        return result;
    }
}
