package org.jmoco.nn;

import java.util.List;
import org.jmoco.tensor.Tensor;

/// Modules one after another, named `0`, `1`, … as in PyTorch.
public final class Sequential extends Module {
    private final List<Module> modules;

    public Sequential(Module... modules) {
        this(List.of(modules));
    }

    public Sequential(List<? extends Module> modules) {
        this.modules = List.copyOf(modules);
    }

    @Override
    protected Tensor compute(Tensor x, Mode mode) {
        Tensor y = x;
        for (Module m : modules) {
            y = m.forward(y, mode);
        }
        return y;
    }

    /// Without the field's name.
    @Override
    List<Member> members() {
        return Member.of("", modules, false);
    }
}
