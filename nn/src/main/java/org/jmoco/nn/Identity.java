package org.jmoco.nn;

import org.jmoco.tensor.Tensor;

/// Hands on what it gets: the place of a layer that is left out.
public final class Identity extends Layer {
    @Override
    protected Tensor compute(Tensor x, Mode mode) {
        return x;
    }
}
