package org.jmoco.tensor.ops.image;

import org.jmoco.tensor.DType;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;

/// The gradient of [RoiAlign] to one of its maps: each position gathers from the boxes that sampled it, in the order
/// of the boxes, so the same bits come out on every run.
///
/// | name   | shape                | meaning                                      |
/// |--------|----------------------|----------------------------------------------|
/// | dy     | `[r, size, size, c]` | gradient of the features                     |
/// | boxes  | `[r, 4]`             | as given                                     |
/// | images | `[r]` I32            | as given                                     |
/// | levels | `[r]` I32            | as given; boxes of other levels give nothing |
/// | dx     | `[n, h, w, c]`       | gradient of the map                          |
///
/// @param align the op
/// @param level which map
/// @param map   its shape
public record RoiAlignGradient(RoiAlign align, int level, Shape map) implements Op.NoGradient {
    @Override
    public Shape shapeOf(Shape... in) {
        return map;
    }

    @Override
    public DType typeOf(DType... in) {
        return DType.F32;
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return align.flops(in[0]);
    }
}
