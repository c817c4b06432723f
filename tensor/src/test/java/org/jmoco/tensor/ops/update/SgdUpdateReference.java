package org.jmoco.tensor.ops.update;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.reference.OpReference;

final class SgdUpdateReference implements OpReference<SgdUpdate> {
    @Override
    public double[] run(SgdUpdate op, Node call, double[]... in) {
        double[] next = in[0].clone();
        int s = in[1].length;
        for (int i = 0; i < s; i++) {
            double g = in[1][i] + op.weightDecay() * in[0][i];
            double v = op.momentum() * in[0][s + i] + g;
            next[s + i] = v;
            next[i] -= in[2][0] * (op.nesterov() ? g + op.momentum() * v : v);
        }
        return next;
    }
}
