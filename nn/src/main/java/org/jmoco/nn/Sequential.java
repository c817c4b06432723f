package org.jmoco.nn;

import java.util.List;
import org.jmoco.tensor.Tensor;

/// Layers one after another, named `0`, `1`, … as in PyTorch.
public final class Sequential extends Layer {
    private final List<Layer> layers;

    public Sequential(Layer... layers) {
        this(List.of(layers));
    }

    public Sequential(List<? extends Layer> layers) {
        this.layers = List.copyOf(layers);
    }

    @Override
    protected Tensor compute(Tensor x, Mode mode) {
        Tensor y = x;
        for (Layer layer : layers) {
            y = layer.forward(y, mode);
        }
        return y;
    }

    /// Without the field's name.
    @Override
    List<Member> members() {
        return Member.of("", layers, false);
    }
}
