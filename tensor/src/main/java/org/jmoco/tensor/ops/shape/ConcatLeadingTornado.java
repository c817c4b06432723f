package org.jmoco.tensor.ops.shape;

import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.Moves;
import org.jmoco.tensor.backend.tornado.TornadoKernel;

final class ConcatLeadingTornado implements TornadoKernel<ConcatLeading> {
    /// Operands that the plan had computed at their place are not copied.
    @Override
    public void emit(ConcatLeading op, Args a, Launches gpu) {
        int at = a.out();
        for (int i = 0; i < a.operands(); i++) {
            Moves.copy(gpu, a.floats(), a.in(i), at, a.shape(i).size());
            at += Math.toIntExact(a.shape(i).size());
        }
    }
}
