package org.jmoco.tensor.ops.reduce;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.reference.Elements;
import org.jmoco.tensor.reference.OpReference;

final class SumReference implements OpReference<Sum> {
    @Override
    public double[] run(Sum op, Node call, double[]... in) {
        Shape x = call.input(0).shape();
        double[] y = new double[Math.toIntExact(call.shape().size())];
        Shape kept = x.rank() == 0 ? x : x.with(op.axis(), 1);
        for (int i = 0; i < in[0].length; i++) {
            y[Elements.broadcast(kept, Elements.position(x, i))] += in[0][i];
        }
        return y;
    }
}
