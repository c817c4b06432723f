package org.jmoco.tensor.ops.conv;

import java.util.Arrays;
import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.ops.reduce.SumTo;

/// Two-dimensional convolution (cross-correlation, as in every deep-learning library).
///
/// | name | shape | meaning |
/// |---|---|---|
/// | x | `[n, h, w, in]` | images |
/// | weight | `[kh, kw, in/groups, out]` | one kernel an output channel |
/// | bias | `[out]` | added to every position; may be missing. Programs write `add(bias)`, a rewrite puts it here |
/// | y | `[n, oh, ow, out]` | `oh = ⌊(h + 2·paddingH − dilationH·(kh−1) − 1) / strideH⌋ + 1` |
///
/// Gradient: [Conv2dInputGradient] and [Conv2dWeightGradient]; that of the bias is the sum of dy over all positions.
public record Conv2d(int strideH, int strideW, int paddingH, int paddingW, int dilationH, int dilationW, int groups)
        implements Op.Product {
    public Conv2d {
        if (strideH < 1
                || strideW < 1
                || dilationH < 1
                || dilationW < 1
                || groups < 1
                || paddingH < 0
                || paddingW < 0) {
            throw new ShapeException(
                    "conv2d: stride, dilation and groups must be at least 1 and padding at least 0, got stride "
                            + strideH + "×" + strideW + ", padding " + paddingH + "×" + paddingW + ", dilation "
                            + dilationH + "×" + dilationW + ", groups " + groups);
        }
    }

    /// A convolution with equal stride and padding on both axes.
    public static Conv2d of(int stride, int padding) {
        return new Conv2d(stride, stride, padding, padding, 1, 1, 1);
    }

    /// This convolution with taps `dilation` apart.
    public Conv2d dilated(int dilation) {
        return new Conv2d(strideH, strideW, paddingH, paddingW, dilation, dilation, groups);
    }

    /// This convolution with channels in `count` groups.
    public Conv2d grouped(int count) {
        return new Conv2d(strideH, strideW, paddingH, paddingW, dilationH, dilationW, count);
    }

    @Override
    public Shape shapeOf(Shape... in) {
        Shape x = in[0].requireRank(4, "conv2d", "images [n, h, w, in]");
        Shape weight = in[1].requireRank(4, "conv2d", "weights [kh, kw, in/groups, out]");
        if (x.dim(3) != weight.dim(2) * groups || weight.dim(3) % groups != 0) {
            throw new ShapeException(
                    "conv2d: images " + x + " have " + x.dim(3) + " channels, weights " + weight + " with " + groups
                            + " groups want " + weight.dim(2) * groups + " and an output count that groups divides");
        }
        ConvShape s = extents(x, weight);
        if (s.oh() < 1 || s.ow() < 1) {
            throw new ShapeException("conv2d: the kernel " + weight.dim(0) + "×" + weight.dim(1)
                    + " does not fit into images " + x + " with padding " + paddingH + "×" + paddingW);
        }
        if (in.length > 2 && !in[2].equals(Shape.of(weight.dim(3)))) {
            throw new ShapeException(
                    "conv2d: the bias for weights " + weight + " is [" + weight.dim(3) + "], got " + in[2]);
        }
        return Shape.of(x.dim(0), s.oh(), s.ow(), weight.dim(3));
    }

    /// All extents of a call.
    public ConvShape extents(Shape x, Shape weight) {
        return new ConvShape(
                x.dim(0),
                x.dim(1),
                x.dim(2),
                x.dim(3),
                weight.dim(0),
                weight.dim(1),
                weight.dim(3),
                strideH,
                strideW,
                paddingH,
                paddingW,
                dilationH,
                dilationW,
                groups);
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor dy) {
        Tensor x = call.input(0);
        Tensor weight = call.input(1);
        Tensor dx = call.needs(0) ? new Conv2dInputGradient(this, x.shape()).on(dy, weight) : null;
        Tensor dw = call.needs(1) ? new Conv2dWeightGradient(this, weight.shape()).on(x, dy) : null;
        return call.inputs() > 2
                ? Arrays.asList(
                        dx,
                        dw,
                        call.needs(2) ? SumTo.shape(dy, Shape.of(weight.shape().dim(3))) : null)
                : Arrays.asList(dx, dw);
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return 2.0 * out.size() * in[1].size(0, 3);
    }
}
