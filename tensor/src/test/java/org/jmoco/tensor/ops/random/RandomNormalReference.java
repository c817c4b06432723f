package org.jmoco.tensor.ops.random;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.random.Philox;
import org.jmoco.tensor.reference.OpReference;

final class RandomNormalReference implements OpReference<RandomNormal> {
    @Override
    public double[] run(RandomNormal op, Node call, double[]... in) {
        Philox draws = Draws.of(in[0], op.stream());
        double[] y = new double[Math.toIntExact(op.shape().size())];
        for (int i = 0; i < y.length; i += 2) {
            double radius = StrictMath.sqrt(-2 * StrictMath.log(draws.nextFloat() + 0x1p-24));
            double angle = 2 * StrictMath.PI * draws.nextFloat();
            y[i] = radius * StrictMath.cos(angle);
            if (i + 1 < y.length) {
                y[i + 1] = radius * StrictMath.sin(angle);
            }
        }
        return y;
    }
}
