package org.jmoco.nn;

import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Variable;

/// A square convolution without bias, `[n, h, w, in]` → `[n, (h + 2·padding − kernel)/stride + 1, …, out]`.
///
/// `weight` is `[kernel, kernel, in, out]`, where PyTorch has `[out, in, kernel, kernel]`; [StateDict] turns it over.
public final class Conv2d extends Module {
    private final Variable weight;
    private final int stride;
    private final int padding;
    private final Start start;

    /// How the weight begins.
    public enum Start {
        /// Normal with standard deviation `√(2 / (out·kernel²))`, as torchvision begins its ResNets.
        KAIMING_NORMAL,
        /// Uniform within `±1/√(in·kernel²)`: what a PyTorch convolution has by itself (Kaiming uniform with a = √5).
        UNIFORM
    }

    /// A convolution that begins normal.
    public Conv2d(int in, int out, int kernel, int stride, int padding) {
        this(in, out, kernel, stride, padding, Start.KAIMING_NORMAL);
    }

    public Conv2d(int in, int out, int kernel, int stride, int padding, Start start) {
        if (in < 1 || out < 1 || kernel < 1 || stride < 1 || padding < 0) {
            throw new IllegalArgumentException(
                    "convolution: channels, kernel and stride must be at least 1 and padding at least 0, got in=" + in
                            + " out=" + out + " kernel=" + kernel + " stride=" + stride + " padding=" + padding);
        }
        this.weight = Variable.zeros("weight", Shape.of(kernel, kernel, in, out));
        this.stride = stride;
        this.padding = padding;
        this.start = start;
    }

    public Variable weight() {
        return weight;
    }

    @Override
    protected Tensor compute(Tensor x, Mode mode) {
        return x.conv2d(weight.read(), stride, padding);
    }

    @Override
    protected void reset(Init init) {
        Shape s = weight.shape();
        long window = s.size(0, 2);
        switch (start) {
            case KAIMING_NORMAL -> init.kaimingNormal(weight, window * s.dim(3));
            case UNIFORM -> init.uniform(weight, 1 / StrictMath.sqrt(window * s.dim(2)));
        }
    }
}
