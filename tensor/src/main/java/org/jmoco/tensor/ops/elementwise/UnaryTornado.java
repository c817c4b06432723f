package org.jmoco.tensor.ops.elementwise;

import org.jmoco.tensor.Op;
import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Kernel;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.TornadoKernel;

/// What device kernels of one operand share: one thread an element.
///
/// The argument block: x, y, number of elements.
///
/// @param <O> the op
abstract class UnaryTornado<O extends Op> implements TornadoKernel<O> {
    /// A kernel `perElement`.
    abstract Kernel kernel();

    @Override
    public void emit(O op, Args a, Launches gpu) {
        if (a.size() > 0) {
            gpu.launch("elementwise." + op.name(), kernel(), Grid.threads(a.size()), a.in(0), a.out(), a.size());
        }
    }
}
