package org.jmoco.tensor.ops.random;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.random.Philox;
import org.jmoco.tensor.reference.OpReference;

final class RandomUniformReference implements OpReference<RandomUniform> {
    @Override
    public double[] run(RandomUniform op, Node call, double[]... in) {
        Philox draws = Draws.of(in[0], op.stream());
        double[] y = new double[Math.toIntExact(op.shape().size())];
        for (int i = 0; i < y.length; i++) {
            y[i] = draws.nextFloat();
        }
        return y;
    }
}
