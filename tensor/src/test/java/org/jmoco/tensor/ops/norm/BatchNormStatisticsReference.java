package org.jmoco.tensor.ops.norm;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.reference.OpReference;

final class BatchNormStatisticsReference implements OpReference<BatchNormStatistics> {
    @Override
    public double[] run(BatchNormStatistics op, Node call, double[]... in) {
        Groups at = new Groups(op.groups(), call.input(0).shape());
        int cells = at.cells();
        double[] y = new double[2 * cells];
        for (int i = 0; i < in[0].length; i++) {
            y[at.cell(i)] += in[0][i] / at.values();
        }
        for (int i = 0; i < in[0].length; i++) {
            double deviation = in[0][i] - y[at.cell(i)];
            y[cells + at.cell(i)] += deviation * deviation / at.values();
        }
        return y;
    }
}
