package org.jmoco.tensor.ops.norm;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.reference.OpReference;

final class L2NormalizeGradientReference implements OpReference<L2NormalizeGradient> {
    @Override
    public double[] run(L2NormalizeGradient op, Node call, double[]... in) {
        int d = call.shape().dim(1);
        double[] dx = new double[in[0].length];
        for (int row = 0; row < dx.length; row += d) {
            double squares = 0;
            double along = 0;
            for (int i = row; i < row + d; i++) {
                squares += in[1][i] * in[1][i];
                along += in[2][i] * in[0][i];
            }
            double length = Math.sqrt(squares);
            for (int i = row; i < row + d; i++) {
                dx[i] = length <= op.epsilon() ? in[0][i] / op.epsilon() : (in[0][i] - in[2][i] * along) / length;
            }
        }
        return dx;
    }
}
