package org.jmoco.tensor.ops.shape;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.reference.Elements;
import org.jmoco.tensor.reference.OpReference;

final class GatherAlongReference implements OpReference<GatherAlong> {
    @Override
    public double[] run(GatherAlong op, Node call, double[]... in) {
        Shape x = call.input(0).shape();
        double[] y = new double[in[1].length];
        for (int i = 0; i < y.length; i++) {
            int[] at = Elements.position(call.shape(), i);
            at[op.axis()] = (int) in[1][i];
            y[i] = in[0][Elements.index(x, at)];
        }
        return y;
    }
}
