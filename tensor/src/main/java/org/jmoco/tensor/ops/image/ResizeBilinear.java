package org.jmoco.tensor.ops.image;

import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;

/// Images or maps of another size by bilinear interpolation between the nearest four positions, without smoothing
/// where they shrink; PyTorch's `interpolate(mode="bilinear")`.
///
/// | name | shape                   | meaning |
/// |------|-------------------------|---------|
/// | x    | `[n, h, w, c]`          | images  |
/// | y    | `[n, height, width, c]` | resized |
///
/// Position i of an axis of m results lies at `i·(size − 1)/(m − 1)` with `corners` (the corner positions coincide;
/// 0 where m is 1), else at `max((i + ½)·size/m − ½, 0)` (the images' borders coincide). Neighbours beyond the last
/// position are the last one.
///
/// Gradient: the transposed interpolation, a sum over the results that a position has a share in.
///
/// @param height  of the result, above 0
/// @param width   of the result, above 0
/// @param corners PyTorch's `align_corners`
public record ResizeBilinear(int height, int width, boolean corners) implements Op {
    @Override
    public Shape shapeOf(Shape... in) {
        Shape x = in[0].requireRank(4, "resizeBilinear", "images [n, h, w, c]");
        if (height < 1 || width < 1 || x.dim(1) < 1 || x.dim(2) < 1) {
            throw new ShapeException("resizeBilinear: images " + x + " cannot become " + height + "×" + width);
        }
        return Shape.of(x.dim(0), height, width, x.dim(3));
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor dy) {
        return List.of(new ResizeBilinearGradient(this, call.input(0).shape()).on(dy));
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return 8.0 * out.size();
    }

    /// Where result `i` of `to` lies among `from` positions, in units of 1/[#unit]: a whole number, so that every
    /// backend finds the same neighbours.
    static long place(int i, int from, int to, boolean corners) {
        return corners ? (to == 1 ? 0 : i * (from - 1L)) : Math.max((2L * i + 1) * from - to, 0);
    }

    /// What [#place] counts in.
    static long unit(int to, boolean corners) {
        return corners ? Math.max(to - 1, 1) : 2L * to;
    }
}
