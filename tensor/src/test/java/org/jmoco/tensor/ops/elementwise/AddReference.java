package org.jmoco.tensor.ops.elementwise;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.reference.Elements;
import org.jmoco.tensor.reference.OpReference;

final class AddReference implements OpReference<Add> {
    @Override
    public double[] run(Add op, Node call, double[]... in) {
        double[] y = new double[Math.toIntExact(call.shape().size())];
        for (int i = 0; i < y.length; i++) {
            int[] at = Elements.position(call.shape(), i);
            double a = in[0][Elements.broadcast(call.input(0).shape(), at)];
            double b = in[1][Elements.broadcast(call.input(1).shape(), at)];
            y[i] = a + b;
        }
        return y;
    }
}
