package org.jmoco.tensor.ops.update;

import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.Moves;
import org.jmoco.tensor.backend.tornado.TornadoKernel;

final class PackTornado implements TornadoKernel<Pack> {
    /// Parts that the plan had computed at their place are not copied; the gaps become 0.
    @Override
    public void emit(Pack op, Args a, Launches gpu) {
        int end = 0;
        for (int i = 0; i <= a.operands(); i++) {
            int next = i < a.operands() ? op.offsets().get(i) : op.size();
            Moves.clear(gpu, true, a.out() + end, next - end);
            if (i < a.operands()) {
                Moves.copy(gpu, true, a.in(i), a.out() + next, a.shape(i).size());
                end = next + Math.toIntExact(a.shape(i).size());
            }
        }
    }
}
