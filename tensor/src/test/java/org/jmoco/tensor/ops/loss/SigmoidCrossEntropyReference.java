package org.jmoco.tensor.ops.loss;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.reference.OpReference;

final class SigmoidCrossEntropyReference implements OpReference<SigmoidCrossEntropy> {
    @Override
    public double[] run(SigmoidCrossEntropy op, Node call, double[]... in) {
        double[] y = new double[in[0].length];
        for (int i = 0; i < y.length; i++) {
            double x = in[0][i];
            y[i] = Math.max(x, 0) - x * in[1][i] + Math.log1p(Math.exp(-Math.abs(x)));
        }
        return y;
    }
}
