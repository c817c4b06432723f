package org.jmoco.nn;

import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Variable;

/// A square convolution, `[n, h, w, in]` →
/// `[n, (h + 2·padding − dilation·(kernel − 1) − 1)/stride + 1, …, out]`.
///
/// `weight` is `[kernel, kernel, in, out]`, where PyTorch has `[out, in, kernel, kernel]`; [StateDict] turns it
/// over. `bias`, `[out]`, may be missing.
public final class Conv2d extends Layer {
    private final Variable weight;
    private final Variable bias;
    private final Options options;

    /// What a convolution is besides its channels.
    ///
    /// @param kernel   extent of the window
    /// @param stride   between windows
    /// @param padding  zeros on each side
    /// @param dilation distance of a window's samples
    /// @param bias     whether a bias is added
    /// @param start    of the weight and the bias
    public record Options(int kernel, int stride, int padding, int dilation, boolean bias, Start start) {
        public Options {
            if (kernel < 1 || stride < 1 || padding < 0 || dilation < 1) {
                throw new IllegalArgumentException(
                        "convolution: kernel, stride and dilation must be at least 1 and padding at least 0, got"
                                + " kernel "
                                + kernel + ", stride " + stride + ", padding " + padding + ", dilation " + dilation);
            }
        }

        /// Stride 1, as much padding as keeps the size of the image (for an odd kernel), no bias, Kaiming normal.
        public static Options of(int kernel) {
            return new Options(kernel, 1, (kernel - 1) / 2, 1, false, Start.KAIMING_NORMAL);
        }

        public Options stride(int other) {
            return new Options(kernel, other, padding, dilation, bias, start);
        }

        public Options padding(int other) {
            return new Options(kernel, stride, other, dilation, bias, start);
        }

        /// Samples so far apart, and as much padding as keeps the size.
        public Options dilation(int other) {
            return new Options(kernel, stride, other * (kernel - 1) / 2, other, bias, start);
        }

        public Options bias(boolean other) {
            return new Options(kernel, stride, padding, dilation, other, start);
        }

        public Options start(Start other) {
            return new Options(kernel, stride, padding, dilation, bias, other);
        }
    }

    /// A convolution without bias that begins Kaiming normal.
    public Conv2d(int in, int out, int kernel, int stride, int padding) {
        this(in, out, Options.of(kernel).stride(stride).padding(padding));
    }

    /// @throws IllegalArgumentException if there is no channel, or more weights than an array can hold
    public Conv2d(int in, int out, Options options) {
        if (in < 1 || out < 1) {
            throw new IllegalArgumentException(
                    "convolution: there must be at least 1 channel, got in " + in + ", out " + out);
        }
        this.options = options;
        this.weight = Variable.zeros("weight", Shape.of(options.kernel, options.kernel, in, out));
        this.bias = options.bias ? Variable.zeros("bias", Shape.of(out)) : null;
    }

    public Options options() {
        return options;
    }

    public Variable weight() {
        return weight;
    }

    @Override
    protected Tensor compute(Tensor x, Mode mode) {
        var op = org.jmoco.tensor.ops.conv.Conv2d.of(options.stride, options.padding)
                .dilated(options.dilation);
        Tensor y = x.conv2d(weight.read(), op);
        return bias == null ? y : y.add(bias.read());
    }

    @Override
    protected void reset(Init init) {
        options.start.of(init, weight, bias);
    }
}
