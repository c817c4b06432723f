package org.jmoco.tensor.ops.image;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.reference.OpReference;

final class RoiAlignReference implements OpReference<RoiAlign> {
    @Override
    public double[] run(RoiAlign op, Node call, double[]... in) {
        int k = op.scales().size();
        double[] y = new double[Math.toIntExact(call.shape().size())];
        for (int level = 0; level < k; level++) {
            double[] map = in[level];
            Samples.visit(
                    op,
                    level,
                    in[k],
                    in[k + 1],
                    in[k + 2],
                    call.input(level).shape(),
                    s -> y[s.feature()] += s.weight() * map[s.element()]);
        }
        return y;
    }
}
