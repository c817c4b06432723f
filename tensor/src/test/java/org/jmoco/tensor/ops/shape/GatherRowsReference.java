package org.jmoco.tensor.ops.shape;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.reference.OpReference;

final class GatherRowsReference implements OpReference<GatherRows> {
    @Override
    public double[] run(GatherRows op, Node call, double[]... in) {
        int row = Math.toIntExact(call.shape().size(1, call.shape().rank()));
        double[] y = new double[in[1].length * row];
        for (int i = 0; i < in[1].length; i++) {
            System.arraycopy(in[0], (int) in[1][i] * row, y, i * row, row);
        }
        return y;
    }
}
