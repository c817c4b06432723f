package org.jmoco.tensor.ops.random;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.random.Philox;
import org.jmoco.tensor.reference.OpReference;

final class DropoutReference implements OpReference<Dropout> {
    @Override
    public double[] run(Dropout op, Node call, double[]... in) {
        Philox draws = Draws.of(in[1], op.stream());
        double[] y = new double[in[0].length];
        for (int i = 0; i < y.length; i++) {
            y[i] = draws.nextFloat() < op.probability() ? 0 : in[0][i] / (1.0 - op.probability());
        }
        return y;
    }
}
