package org.jmoco.tensor.ops.shape;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.reference.OpReference;

final class ScatterAddRowsReference implements OpReference<ScatterAddRows> {
    @Override
    public double[] run(ScatterAddRows op, Node call, double[]... in) {
        int row = Math.toIntExact(call.shape().size(1, call.shape().rank()));
        double[] y = new double[op.count() * row];
        for (int i = 0; i < in[0].length; i++) {
            y[(int) in[1][i / row] * row + i % row] += in[0][i];
        }
        return y;
    }
}
