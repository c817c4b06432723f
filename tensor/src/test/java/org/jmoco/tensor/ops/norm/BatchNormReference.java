package org.jmoco.tensor.ops.norm;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.reference.OpReference;

final class BatchNormReference implements OpReference<BatchNorm> {
    @Override
    public double[] run(BatchNorm op, Node call, double[]... in) {
        Groups at = new Groups(op.groups(), call.shape());
        double[] y = new double[in[0].length];
        for (int i = 0; i < y.length; i++) {
            double normal = (in[0][i] - in[3][at.cell(i)]) / Math.sqrt(in[3][at.cells() + at.cell(i)] + op.epsilon());
            y[i] = normal * in[1][at.channel(i)] + in[2][at.channel(i)] + (in.length > 4 ? in[4][i] : 0);
            y[i] = op.relu() ? Math.max(y[i], 0) : y[i];
        }
        return y;
    }
}
