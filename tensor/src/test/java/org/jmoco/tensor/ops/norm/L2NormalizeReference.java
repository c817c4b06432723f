package org.jmoco.tensor.ops.norm;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.reference.OpReference;

final class L2NormalizeReference implements OpReference<L2Normalize> {
    @Override
    public double[] run(L2Normalize op, Node call, double[]... in) {
        int d = call.shape().dim(1);
        double[] y = new double[in[0].length];
        for (int row = 0; row < y.length; row += d) {
            double squares = 0;
            for (int i = row; i < row + d; i++) {
                squares += in[0][i] * in[0][i];
            }
            for (int i = row; i < row + d; i++) {
                y[i] = in[0][i] / Math.max(Math.sqrt(squares), op.epsilon());
            }
        }
        return y;
    }
}
