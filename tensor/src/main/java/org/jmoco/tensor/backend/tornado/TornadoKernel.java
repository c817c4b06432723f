package org.jmoco.tensor.backend.tornado;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.Op;

/// Says how an op is computed on a device. The kernels of `Name` are the class `NameTornado` beside it, with a
/// constructor without parameters.
///
/// @param <O> the op
public interface TornadoKernel<O extends Op> {
    /// Adds the launches of one call, in order. Called when a program is bound to memory, not when it runs.
    void emit(O op, Args args, Launches gpu);

    /// Floats of scratch memory a call wants; they are found at [Args#scratch()].
    default long scratch(O op, Node call, Profile profile) {
        return 0;
    }
}
