package org.jmoco.tensor.ops.loss;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.reference.OpReference;

final class SigmoidCrossEntropyGradientReference implements OpReference<SigmoidCrossEntropyGradient> {
    @Override
    public double[] run(SigmoidCrossEntropyGradient op, Node call, double[]... in) {
        double[] dx = new double[in[0].length];
        for (int i = 0; i < dx.length; i++) {
            dx[i] = (1 / (1 + Math.exp(-in[0][i])) - in[1][i]) * in[2][i];
        }
        return dx;
    }
}
