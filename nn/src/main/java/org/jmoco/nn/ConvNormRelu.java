package org.jmoco.nn;

import org.jmoco.tensor.Tensor;

/// A convolution, a norm, a ReLU: what heads of dense prediction are built of. The names `conv` and `bn` are
/// those of mmcv's `ConvModule`.
public final class ConvNormRelu extends Layer {
    private final Conv2d conv;
    private final Layer bn;

    /// A convolution without bias, and a norm.
    public ConvNormRelu(int in, int out, Conv2d.Options options, Norm norm) {
        conv = new Conv2d(in, out, options.bias(false));
        bn = norm.of(out);
    }

    /// A convolution with bias, and no norm.
    public ConvNormRelu(int in, int out, Conv2d.Options options) {
        conv = new Conv2d(in, out, options.bias(true));
        bn = null;
    }

    @Override
    protected Tensor compute(Tensor x, Mode mode) {
        Tensor y = conv.forward(x, mode);
        return (bn == null ? y : bn.forward(y, mode)).relu();
    }
}
