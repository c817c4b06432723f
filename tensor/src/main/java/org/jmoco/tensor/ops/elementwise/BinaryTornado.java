package org.jmoco.tensor.ops.elementwise;

import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.FarKernel;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Kernel;
import org.jmoco.tensor.backend.tornado.KernelMethod;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.Moves;
import org.jmoco.tensor.backend.tornado.TornadoKernel;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// What device kernels of two broadcasting operands share: one thread an element of the result.
///
/// The argument block: a, b, z, number of elements, whether both operands have the result's shape, a number of the
/// op's own; then the result's extents and the strides of a and of b, [Moves#AXES] of each.
///
/// @param <O> the op
abstract class BinaryTornado<O extends Op> implements TornadoKernel<O> {
    private static final int WALK = 6;

    /// A kernel `perElement`; a [FarKernel] has both operands where its own a and b are.
    abstract KernelMethod kernel();

    /// The name of the kernel.
    String kernelName(O op, Args a) {
        return "elementwise." + op.name();
    }

    /// The sixth number of the argument block.
    int number(O op) {
        return 0;
    }

    @Override
    public void emit(O op, Args a, Launches gpu) {
        emit(op, a, gpu, kernel());
    }

    final void emit(O op, Args a, Launches gpu, KernelMethod kernel) {
        if (a.size() == 0) {
            return;
        }
        Shape z = a.outShape();
        int pad = Moves.AXES - z.rank();
        if (pad < 0) {
            throw new IllegalArgumentException(
                    op.name() + ": a device broadcasts at most " + Moves.AXES + " axes, got " + z);
        }
        int[] block = new int[WALK + 3 * Moves.AXES];
        block[0] = a.in(0);
        block[1] = a.in(1);
        block[2] = a.out();
        block[3] = a.size();
        block[4] = a.shape(0).equals(z) && a.shape(1).equals(z) ? 1 : 0;
        block[5] = number(op);
        for (int axis = 0; axis < Moves.AXES; axis++) {
            block[WALK + axis] = axis < pad ? 1 : z.dim(axis - pad);
            block[WALK + Moves.AXES + axis] = axis < pad
                    ? 0
                    : stride(a.shape(0), axis - pad - (z.rank() - a.shape(0).rank()));
            block[WALK + 2 * Moves.AXES + axis] = axis < pad
                    ? 0
                    : stride(a.shape(1), axis - pad - (z.rank() - a.shape(1).rank()));
        }
        switch (kernel) {
            case Kernel near -> gpu.launch(kernelName(op, a), near, Grid.threads(a.size()), block);
            case FarKernel far -> gpu.launch(kernelName(op, a), far, Grid.threads(a.size()), a.arenas(0, 1), block);
        }
    }

    @Override
    public boolean anywhere(O op, int operand) {
        return kernel() instanceof FarKernel;
    }

    private static int stride(Shape operand, int axis) {
        return axis < 0 || operand.dim(axis) == 1 ? 0 : Math.toIntExact(operand.size(axis + 1, operand.rank()));
    }

    /// Where a lies for element `i`.
    static int left(IntArray arg, int i) {
        int at = i;
        if (arg.get(4) == 0) {
            at = Moves.walk(arg, 6, 12, i);
        }
        return arg.get(0) + at;
    }

    /// Where b lies for element `i`.
    static int right(IntArray arg, int i) {
        int at = i;
        if (arg.get(4) == 0) {
            at = Moves.walk(arg, 6, 18, i);
        }
        return arg.get(1) + at;
    }
}
