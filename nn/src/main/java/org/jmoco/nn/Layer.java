package org.jmoco.nn;

import org.jmoco.tensor.Tensor;

/// A [Module] that makes one tensor of one tensor.
///
/// ```java
/// final class Perceptron extends Layer {
///     private final Linear hidden = new Linear(784, 128);
///     private final Linear output = new Linear(128, 10);
///
///     @Override protected Tensor compute(Tensor x, Mode mode) {
///         return output.forward(hidden.forward(x, mode).relu(), mode);
///     }
/// }
/// Perceptron net = new Perceptron();
/// net.initialize(seed);
/// ```
public abstract class Layer extends Module {
    /// Adds this layer's nodes to the graph, under its name.
    public final Tensor forward(Tensor x, Mode mode) {
        return scoped(() -> compute(x, mode));
    }

    /// What the layer computes. Callers use [#forward].
    protected abstract Tensor compute(Tensor x, Mode mode);
}
