package org.jmoco.tensor.ops.loss;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.reference.Elements;
import org.jmoco.tensor.reference.OpReference;

final class SoftmaxCrossEntropyGradientReference implements OpReference<SoftmaxCrossEntropyGradient> {
    @Override
    public double[] run(SoftmaxCrossEntropyGradient op, Node call, double[]... in) {
        Shape logits = call.input(0).shape();
        int c = logits.dim(1);
        double[] r = new double[Math.toIntExact(call.shape().size())];
        for (int i = 0; i < logits.dim(0); i++) {
            double max = Double.NEGATIVE_INFINITY;
            for (int j = 0; j < c; j++) {
                max = Math.max(max, in[0][Elements.index(logits, i, j)]);
            }
            double sum = 0;
            for (int j = 0; j < c; j++) {
                sum += Math.exp(in[0][Elements.index(logits, i, j)] - max);
            }
            int label = (int) in[1][i];
            for (int j = 0; j < c; j++) {
                double p = Math.exp(in[0][Elements.index(logits, i, j)] - max) / sum;
                r[Elements.index(logits, i, j)] = in[2][i] * (p - (j == label ? 1 : 0));
            }
        }
        return r;
    }
}
