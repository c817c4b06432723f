package org.jmoco.tensor.ops.update;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.reference.OpReference;

final class SgdUpdateReference implements OpReference<SgdUpdate> {
    @Override
    public double[] run(SgdUpdate op, Node call, double[]... in) {
        double[] next = in[0].clone();
        int s = next.length / 2;
        int first = op.from() == SgdUpdate.ALL ? 0 : op.from();
        for (int i = 0; i < in[1].length; i++) {
            int p = first + i;
            double g = in[1][i] / op.parts() + op.weightDecay() * in[0][p];
            double v = op.momentum() * in[0][s + p] + g;
            next[s + p] = v;
            next[p] -= in[2][0] * (op.nesterov() ? g + op.momentum() * v : v);
        }
        return next;
    }
}
