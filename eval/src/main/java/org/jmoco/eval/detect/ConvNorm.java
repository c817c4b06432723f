package org.jmoco.eval.detect;

import org.jmoco.nn.Conv2d;
import org.jmoco.nn.Layer;
import org.jmoco.nn.Mode;
import org.jmoco.nn.Norm;
import org.jmoco.tensor.Tensor;

/// A convolution and a norm, or a convolution with a bias, without a ReLU; mmcv's `ConvModule` without activation.
final class ConvNorm extends Layer {
    private final Conv2d conv;
    private final Layer bn;

    /// @param norm null for none
    ConvNorm(int in, int out, Conv2d.Options options, Norm norm) {
        conv = new Conv2d(in, out, options.bias(norm == null));
        bn = norm == null ? null : norm.of(out);
    }

    @Override
    protected Tensor compute(Tensor x, Mode mode) {
        Tensor y = conv.forward(x, mode);
        return bn == null ? y : bn.forward(y, mode);
    }
}
