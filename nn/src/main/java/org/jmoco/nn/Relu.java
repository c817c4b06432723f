package org.jmoco.nn;

import org.jmoco.tensor.Tensor;

/// `max(x, 0)` as a layer, for [Sequential].
public final class Relu extends Layer {
    @Override
    protected Tensor compute(Tensor x, Mode mode) {
        return x.relu();
    }
}
