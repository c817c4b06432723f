package org.jmoco.tensor.ops.norm;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.reference.OpReference;

/// Of ranks that are all in one process. Where statistics are merged, the second moment `variance + mean²` is
/// averaged instead of adding deviations.
final class AcrossRanksReference implements OpReference<AcrossRanks> {
    @Override
    public double[] run(AcrossRanks op, Node call, double[]... in) {
        int ranks = call.shape().dim(1);
        int c = call.shape().dim(2);
        boolean statistics = op.kind() == AcrossRanks.Kind.STATISTICS;
        double[] y = new double[2 * ranks * c];
        for (int channel = 0; channel < c; channel++) {
            double first = 0;
            double second = 0;
            for (int r = 0; r < ranks; r++) {
                double a = in[0][r * c + channel];
                first += a / ranks;
                second += (in[0][(ranks + r) * c + channel] + (statistics ? a * a : 0)) / ranks;
            }
            for (int r = 0; r < ranks; r++) {
                y[r * c + channel] = first;
                y[(ranks + r) * c + channel] = second - (statistics ? first * first : 0);
            }
        }
        return y;
    }
}
