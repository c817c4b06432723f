package org.jmoco.tensor.ops.shape;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.reference.Elements;
import org.jmoco.tensor.reference.OpReference;

final class BroadcastToReference implements OpReference<BroadcastTo> {
    @Override
    public double[] run(BroadcastTo op, Node call, double[]... in) {
        double[] y = new double[Math.toIntExact(call.shape().size())];
        for (int i = 0; i < y.length; i++) {
            y[i] = in[0][Elements.broadcast(call.input(0).shape(), Elements.position(call.shape(), i))];
        }
        return y;
    }
}
