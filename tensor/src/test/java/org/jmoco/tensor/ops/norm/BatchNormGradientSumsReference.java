package org.jmoco.tensor.ops.norm;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.reference.OpReference;

final class BatchNormGradientSumsReference implements OpReference<BatchNormGradientSums> {
    @Override
    public double[] run(BatchNormGradientSums op, Node call, double[]... in) {
        Groups at = new Groups(op.groups(), call.input(0).shape());
        double[] sums = new double[2 * at.cells()];
        for (int i = 0; i < in[0].length; i++) {
            double dy = op.relu() && in[3][i] <= 0 ? 0 : in[0][i];
            int cell = at.cell(i);
            sums[cell] += dy;
            sums[at.cells() + cell] +=
                    dy * (in[1][i] - in[2][cell]) / Math.sqrt(in[2][at.cells() + cell] + op.epsilon());
        }
        return sums;
    }
}
