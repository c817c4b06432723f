package org.jmoco.tensor.ops.update;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.reference.OpReference;

final class MovingAverageReference implements OpReference<MovingAverage> {
    @Override
    public double[] run(MovingAverage op, Node call, double[]... in) {
        double[] y = new double[in[0].length];
        for (int i = 0; i < y.length; i++) {
            y[i] = op.momentum() * in[0][i] + (1.0 - op.momentum()) * in[1][i];
        }
        return y;
    }
}
