package org.jmoco.tensor.ops.elementwise;

import org.jmoco.tensor.Op;
import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.FarKernel;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Kernel;
import org.jmoco.tensor.backend.tornado.KernelMethod;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.TornadoKernel;

/// What device kernels of one operand share: one thread an element.
///
/// The argument block: x, y, number of elements.
///
/// @param <O> the op
abstract class UnaryTornado<O extends Op> implements TornadoKernel<O> {
    /// A kernel `perElement`; a [FarKernel] takes x as its a.
    abstract KernelMethod kernel();

    @Override
    public void emit(O op, Args a, Launches gpu) {
        if (a.size() > 0) {
            String name = "elementwise." + op.name();
            Grid grid = Grid.threads(a.size());
            switch (kernel()) {
                case Kernel near -> gpu.launch(name, near, grid, a.in(0), a.out(), a.size());
                case FarKernel far -> gpu.launch(name, far, grid, a.arenas(0), a.in(0), a.out(), a.size());
            }
        }
    }

    @Override
    public boolean anywhere(O op, int operand) {
        return kernel() instanceof FarKernel;
    }
}
