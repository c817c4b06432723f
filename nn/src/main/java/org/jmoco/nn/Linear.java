package org.jmoco.nn;

import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Variable;

/// A fully connected layer, `[n, in]` → `[n, out]`: `y = x·weight + bias`.
///
/// `weight` is `[in, out]`, the transpose of PyTorch's; [StateDict] turns it over.
public final class Linear extends Layer {
    private final Variable weight;
    private final Variable bias;
    private final Start start;

    /// A layer that begins as PyTorch's: weight and bias uniform within `±1/√in`.
    public Linear(int in, int out) {
        this(in, out, Start.UNIFORM);
    }

    /// @throws IllegalArgumentException if there is no input or output, or more weights than an array can hold
    public Linear(int in, int out, Start start) {
        if (in < 1 || out < 1) {
            throw new IllegalArgumentException(
                    "linear layer: inputs and outputs must be at least 1, got " + in + " and " + out);
        }
        this.weight = Variable.zeros("weight", Shape.of(in, out));
        this.bias = Variable.zeros("bias", Shape.of(out));
        this.start = start;
    }

    /// A layer whose weight begins normal with standard deviation 0.01 and whose bias begins at 0: the classifier
    /// of linear evaluation.
    public static Linear classifier(int in, int classes) {
        return new Linear(in, classes, Start.normal(0.01));
    }

    public Variable weight() {
        return weight;
    }

    public Variable bias() {
        return bias;
    }

    @Override
    protected Tensor compute(Tensor x, Mode mode) {
        return x.matmul(weight.read()).add(bias.read());
    }

    @Override
    protected void reset(Init init) {
        start.of(init, weight, bias);
    }
}
