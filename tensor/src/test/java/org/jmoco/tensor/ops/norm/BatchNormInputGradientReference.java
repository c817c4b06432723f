package org.jmoco.tensor.ops.norm;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.reference.OpReference;

final class BatchNormInputGradientReference implements OpReference<BatchNormInputGradient> {
    @Override
    public double[] run(BatchNormInputGradient op, Node call, double[]... in) {
        Groups at = new Groups(op.groups(), call.shape());
        double[] dx = new double[in[0].length];
        for (int i = 0; i < dx.length; i++) {
            double dy = op.relu() && in[5][i] <= 0 ? 0 : in[0][i];
            int cell = at.cell(i);
            double deviation = Math.sqrt(in[3][at.cells() + cell] + op.epsilon());
            double normal = (in[1][i] - in[3][cell]) / deviation;
            dx[i] = in[2][at.channel(i)]
                    / deviation
                    * (dy - in[4][cell] / at.values() - normal * in[4][at.cells() + cell] / at.values());
        }
        return dx;
    }
}
