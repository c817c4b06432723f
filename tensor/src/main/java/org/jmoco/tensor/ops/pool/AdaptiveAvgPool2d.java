package org.jmoco.tensor.ops.pool;

import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;

/// Means over a grid of `height` × `width` windows that cover the image: window i of an axis of size s goes from
/// `⌊i·s/count⌋` to `⌈(i+1)·s/count⌉`, as in PyTorch.
///
/// | name | shape                     | meaning |
/// |------|---------------------------|---------|
/// | x    | `[n, h, w, c]`            | images  |
/// | y    | `[n, height, width, c]`   | means   |
///
/// Gradient: every position of a window gets `dy` divided by the window's size.
public record AdaptiveAvgPool2d(int height, int width) implements Op {
    @Override
    public Shape shapeOf(Shape... in) {
        Shape x = in[0].requireRank(4, "adaptiveAvgPool2d", "images [n, h, w, c]");
        if (height < 1 || width < 1 || x.dim(1) < 1 || x.dim(2) < 1) {
            throw new ShapeException("adaptiveAvgPool2d: images " + x + " cannot be pooled to " + height + "×" + width);
        }
        return Shape.of(x.dim(0), height, width, x.dim(3));
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor dy) {
        return List.of(new AdaptiveAvgPool2dGradient(this, call.input(0).shape()).on(dy));
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return in[0].size();
    }

    /// First position of window `i` of `count` on an axis of size `size`.
    static int from(int i, int count, int size) {
        return (int) ((long) i * size / count);
    }

    /// Position behind the last one of window `i`.
    static int to(int i, int count, int size) {
        return (int) Math.ceilDiv((i + 1L) * size, (long) count);
    }
}
