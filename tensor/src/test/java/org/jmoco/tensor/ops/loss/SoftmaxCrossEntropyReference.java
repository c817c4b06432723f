package org.jmoco.tensor.ops.loss;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.reference.Elements;
import org.jmoco.tensor.reference.OpReference;

final class SoftmaxCrossEntropyReference implements OpReference<SoftmaxCrossEntropy> {
    @Override
    public double[] run(SoftmaxCrossEntropy op, Node call, double[]... in) {
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
            r[i] = max + Math.log(sum) - in[0][Elements.index(logits, i, label)];
        }
        return r;
    }
}
