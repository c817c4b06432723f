package org.jmoco.nn;

import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.ops.conv.Conv2d;
import org.jmoco.tensor.ops.conv.Conv2dInputGradient;

/// A transposed convolution that enlarges without overlap, `[n, h, w, in]` → `[n, factor·h, factor·w, out]`:
/// PyTorch's `ConvTranspose2d` with kernel and stride `factor`, and a bias. Every position becomes a square of
/// `factor²`.
///
/// `weight` is `[factor, factor, out, in]`, where PyTorch has `[in, out, factor, factor]`; [StateDict] turns it
/// over.
public final class ConvTranspose2d extends Layer {
    private final Variable weight;
    private final Variable bias;
    private final int factor;
    private final Start start;

    /// @throws IllegalArgumentException if there is no channel, or the factor is below 1
    public ConvTranspose2d(int in, int out, int factor, Start start) {
        if (in < 1 || out < 1 || factor < 1) {
            throw new IllegalArgumentException("transposed convolution: channels and factor must be at least 1, got in "
                    + in + ", out " + out + ", factor " + factor);
        }
        this.factor = factor;
        this.start = start;
        weight = Variable.zeros("weight", Shape.of(factor, factor, out, in));
        bias = Variable.zeros("bias", Shape.of(out));
    }

    @Override
    protected Tensor compute(Tensor x, Mode mode) {
        Shape in = x.shape();
        Shape enlarged = Shape.of(
                in.dim(0),
                factor * in.dim(1),
                factor * in.dim(2),
                weight.shape().dim(2));
        return new Conv2dInputGradient(Conv2d.of(factor, 0), enlarged)
                .on(x, weight.read())
                .add(bias.read());
    }

    @Override
    protected void reset(Init init) {
        start.of(init, weight, null);
        init.constant(bias, 0);
    }
}
