package org.jmoco.nn;

import org.jmoco.tensor.Tensor;

/// `max(x, 0)` as a module, for [Sequential].
public final class Relu extends Module {
    @Override
    protected Tensor compute(Tensor x, Mode mode) {
        return x.relu();
    }
}
